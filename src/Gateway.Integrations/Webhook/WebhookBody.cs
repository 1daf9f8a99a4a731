using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Core.Audit;
using Gateway.Core.Audit.Delivery;

namespace Gateway.Integrations.Webhook;

/// <summary>Writes batches as one of the formats; records stay byte for byte what they are in the files.</summary>
internal sealed class WebhookBody(WebhookFormat format, string host)
{
    private readonly byte[] _source = Encoding.UTF8.GetBytes($"\"host\":\"{JsonEncodedText.Encode(host)}\",\"source\":\"gateway\",\"sourcetype\":\"_json\",\"event\":");

    public string ContentType => format == WebhookFormat.Ndjson ? "application/x-ndjson" : "application/json";

    public void Write(DeliveryBatch batch, LineBuffer output)
    {
        if (format == WebhookFormat.JsonArray)
        {
            output.Append((byte)'[');
        }

        for (var index = 0; index < batch.Count; index++)
        {
            Write(batch[index].Json.Span, isLast: index == batch.Count - 1, output);
        }

        if (format == WebhookFormat.JsonArray)
        {
            output.Append((byte)']');
        }
    }

    private void Write(ReadOnlySpan<byte> line, bool isLast, LineBuffer output)
    {
        if (format == WebhookFormat.SplunkHec)
        {
            output.Append((byte)'{');
            WriteTime(RecordHeadline.Read(line).Time, output);
            output.Append(_source);
            output.Append(line);
            output.Append((byte)'}');
            return;
        }

        output.Append(line);
        if (format == WebhookFormat.Ndjson)
        {
            output.Append((byte)'\n');
        }
        else if (!isLast)
        {
            output.Append((byte)',');
        }
    }

    /// <summary>Seconds since 1970, with three digits behind the point; without it, Splunk takes the time of arrival.</summary>
    private static void WriteTime(long milliseconds, LineBuffer output)
    {
        if (milliseconds > 0)
        {
            output.Append(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"time\":{milliseconds / 1000}.{milliseconds % 1000:D3},")));
        }
    }
}
