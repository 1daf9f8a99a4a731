using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Gateway.Core.Audit.Delivery;

namespace Gateway.Integrations.Otlp;

/// <summary>OTLP in JSON (OpenTelemetry protocol, "JSON Protobuf Encoding"): 64-bit numbers are strings, trace ids hexadecimal.</summary>
internal sealed class OtlpJson(OtlpIdentity identity) : IOtlpEncoding
{
    public string ContentType => "application/json";

    public byte[] Encode(DeliveryBatch batch)
    {
        var output = new ArrayBufferWriter<byte>(64 * 1024);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteStartArray("resourceLogs");
            json.WriteStartObject();
            json.WriteStartObject("resource");
            json.WriteStartArray("attributes");
            foreach (var (name, value) in identity.Resource)
            {
                WriteAttribute(json, name, "stringValue", value);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteStartArray("scopeLogs");
            json.WriteStartObject();
            json.WriteStartObject("scope");
            json.WriteString("name", OtlpIdentity.ScopeName);
            json.WriteString("version", identity.ScopeVersion);
            json.WriteEndObject();
            json.WriteStartArray("logRecords");
            for (var index = 0; index < batch.Count; index++)
            {
                Write(json, new OtlpRecord(batch[index]));
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    public long ReadRejected(ReadOnlySpan<byte> answer)
    {
        try
        {
            var reader = new Utf8JsonReader(answer);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("partialSuccess", out var partial) && partial.ValueKind == JsonValueKind.Object
                && partial.TryGetProperty("rejectedLogRecords", out var rejected)
                && long.TryParse(rejected.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    private static void Write(Utf8JsonWriter json, in OtlpRecord record)
    {
        json.WriteStartObject();
        json.WriteString("timeUnixNano", record.Time.ToString(CultureInfo.InvariantCulture));
        json.WriteString("observedTimeUnixNano", record.ObservedTime.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("severityNumber", record.SeverityNumber);
        json.WriteString("severityText", record.SeverityText);
        json.WriteStartObject("body");
        json.WriteString("stringValue", record.Body);
        json.WriteEndObject();
        json.WriteStartArray("attributes");
        WriteAttribute(json, OtlpRecord.UidAttribute, "stringValue", record.Uid);
        WriteAttribute(json, OtlpRecord.ClassAttribute, "intValue", record.ClassUid.ToString(CultureInfo.InvariantCulture));
        WriteAttribute(json, OtlpRecord.SequenceAttribute, "intValue", record.Sequence.ToString(CultureInfo.InvariantCulture));
        json.WriteEndArray();
        if (!record.TraceId.IsEmpty)
        {
            json.WriteString("traceId", Convert.ToHexStringLower(record.TraceId));
        }

        json.WriteEndObject();
    }

    private static void WriteAttribute(Utf8JsonWriter json, string name, string kind, string value)
    {
        json.WriteStartObject();
        json.WriteString("key", name);
        json.WriteStartObject("value");
        json.WriteString(kind, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
