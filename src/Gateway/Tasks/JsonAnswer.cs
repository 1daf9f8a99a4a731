using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Tasks;

/// <summary>Writes an answer as JSON, whole or not at all.</summary>
internal static class JsonAnswer
{
    /// <summary>The body is JSON and says so; escaping for HTML would only make it hard to read.</summary>
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async ValueTask WriteAsync(HttpResponse response, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        await using (var json = new Utf8JsonWriter(body, Plain))
        {
            write(json);
        }

        response.ContentType ??= "application/json";
        response.ContentLength = body.WrittenCount;
        response.Headers.CacheControl = "no-store";
        await response.Body.WriteAsync(body.WrittenMemory, cancellationToken);
    }
}
