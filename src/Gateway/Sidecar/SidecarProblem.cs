using System.Text.Json;

namespace Gateway.Sidecar;

/// <summary>Answers that are the sidecar's own (RFC 9457), in the form of the gateway's.</summary>
internal static class SidecarProblem
{
    public static async Task WriteAsync(HttpResponse response, int status, string reason, string title, string detail)
    {
        using var body = new MemoryStream();
        await using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("type", $"urn:gateway:problem:{reason}");
            json.WriteString("title", title);
            json.WriteNumber("status", status);
            json.WriteString("detail", detail);
            json.WriteString("reason", reason);
            json.WriteStartObject("error");
            json.WriteString("message", detail);
            json.WriteString("type", reason);
            json.WriteString("code", reason);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        response.Clear();
        response.StatusCode = status;
        response.ContentType = "application/problem+json";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = "1";
        }

        await response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), response.HttpContext.RequestAborted);
    }
}
