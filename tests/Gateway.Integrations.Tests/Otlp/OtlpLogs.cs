using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Integrations.Tests.Otlp;

/// <summary>Reads requests as a collector would, after the field numbers of opentelemetry-proto, and independently of what wrote them.</summary>
internal static class OtlpLogs
{
    private static readonly Dictionary<string, (string Name, string Message)> Fields = new()
    {
        ["Request.1"] = ("resourceLogs", "ResourceLogs"),
        ["ResourceLogs.1"] = ("resource", "Resource"),
        ["ResourceLogs.2"] = ("scopeLogs", "ScopeLogs"),
        ["Resource.1"] = ("attributes", "KeyValue"),
        ["ScopeLogs.1"] = ("scope", "Scope"),
        ["ScopeLogs.2"] = ("logRecords", "LogRecord"),
        ["Scope.1"] = ("name", "string"),
        ["Scope.2"] = ("version", "string"),
        ["LogRecord.1"] = ("timeUnixNano", "fixed64"),
        ["LogRecord.2"] = ("severityNumber", "enum"),
        ["LogRecord.3"] = ("severityText", "string"),
        ["LogRecord.5"] = ("body", "AnyValue"),
        ["LogRecord.6"] = ("attributes", "KeyValue"),
        ["LogRecord.9"] = ("traceId", "bytes"),
        ["LogRecord.11"] = ("observedTimeUnixNano", "fixed64"),
        ["KeyValue.1"] = ("key", "string"),
        ["KeyValue.2"] = ("value", "AnyValue"),
        ["AnyValue.1"] = ("stringValue", "string"),
        ["AnyValue.3"] = ("intValue", "int64"),
    };

    private static readonly string[] Lists = ["resourceLogs", "scopeLogs", "logRecords", "attributes"];

    /// <summary>A request in protocol buffers as the JSON that it stands for.</summary>
    public static JsonObject ReadProtobuf(byte[] request) => ReadMessage(request, "Request");

    public static JsonObject ReadJson(byte[] request) => JsonSerializer.Deserialize<JsonObject>(request)!;

    public static IReadOnlyList<JsonObject> Records(JsonObject request) =>
        [.. request["resourceLogs"]!.AsArray().SelectMany(r => r!["scopeLogs"]!.AsArray()).SelectMany(s => s!["logRecords"]!.AsArray()).Select(record => record!.AsObject())];

    public static string Body(JsonObject record) => (string)record["body"]!["stringValue"]!;

    /// <summary>An answer that says that some records were dropped.</summary>
    public static byte[] PartialSuccess(byte rejected) => [0x0A, 0x06, 0x08, rejected, 0x12, 0x02, (byte)'n', (byte)'o'];

    private static JsonObject ReadMessage(ReadOnlySpan<byte> bytes, string message)
    {
        var result = new JsonObject();
        while (!bytes.IsEmpty)
        {
            var tag = ReadVarint(ref bytes);
            var (name, type) = Fields[$"{message}.{tag >> 3}"];
            JsonNode value = (tag & 7, type) switch
            {
                (0, "enum") => (long)ReadVarint(ref bytes),
                (0, "int64") => ReadVarint(ref bytes).ToString(),
                (1, "fixed64") => BinaryPrimitives.ReadUInt64LittleEndian(Take(ref bytes, 8)).ToString(),
                (2, "string") => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Take(ref bytes, (int)ReadVarint(ref bytes))),
                (2, "bytes") => Convert.ToHexStringLower(Take(ref bytes, (int)ReadVarint(ref bytes))),
                (2, _) => ReadMessage(Take(ref bytes, (int)ReadVarint(ref bytes)), type),
                _ => throw new InvalidDataException($"{message}.{name} is of another wire type."),
            };
            if (Lists.Contains(name))
            {
                result[name] ??= new JsonArray();
                result[name]!.AsArray().Add(value);
            }
            else
            {
                result[name] = value;
            }
        }

        return result;
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int count)
    {
        var taken = bytes[..count];
        bytes = bytes[count..];
        return taken;
    }

    private static ulong ReadVarint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
