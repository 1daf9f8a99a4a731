using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Pipeline;

/// <summary>Answers a refusal as <c>application/problem+json</c> (RFC 9457).</summary>
internal static class ProblemWriter
{
    /// <summary>The body is JSON and says so; escaping for HTML would only make it hard to read.</summary>
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteAsync(HttpResponse response, string callId, Refusal refusal, IReadOnlyList<string> policies)
    {
        response.Clear();
        response.StatusCode = refusal.Allow is null ? refusal.Reason.Status() : StatusCodes.Status405MethodNotAllowed;
        response.ContentType = "application/problem+json";
        response.Headers[GatewayHeaders.Call] = callId;
        response.Headers.CacheControl = "no-store";
        if ((refusal.Challenge ?? refusal.Reason.Challenge()) is { } challenge)
        {
            response.Headers.WWWAuthenticate = challenge;
        }

        if (refusal.Allow is { } methods)
        {
            response.Headers.Allow = string.Join(", ", methods);
        }

        if (refusal.RetryAfter is { } delay || NeedsRetryAfter(response.StatusCode, out delay))
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(delay.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        var body = Body(response.StatusCode, callId, refusal, policies);
        response.ContentLength = body.WrittenCount;
        await response.Body.WriteAsync(body.WrittenMemory, response.HttpContext.RequestAborted);
    }

    private static bool NeedsRetryAfter(int status, out TimeSpan delay)
    {
        delay = TimeSpan.FromSeconds(status == StatusCodes.Status429TooManyRequests ? 60 : 1);
        return status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests;
    }

    private static ArrayBufferWriter<byte> Body(int status, string callId, Refusal refusal, IReadOnlyList<string> policies)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer, Plain);
        json.WriteStartObject();
        json.WriteString("type", $"urn:gateway:problem:{refusal.Reason.Name()}");
        json.WriteString("title", refusal.Reason.Title());
        json.WriteNumber("status", status);
        json.WriteString("detail", refusal.Detail);
        json.WriteString("reason", refusal.Reason.Name());
        json.WriteString("call", callId);
        json.WriteStartArray("policies");
        foreach (var policy in policies)
        {
            json.WriteStringValue(policy);
        }

        json.WriteEndArray();

        // Where model providers' SDKs look for what went wrong.
        json.WriteStartObject("error");
        json.WriteString("message", refusal.Detail);
        json.WriteString("type", refusal.Reason.Name());
        json.WriteString("code", refusal.Reason.Name());
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer;
    }
}
