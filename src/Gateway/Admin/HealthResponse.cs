using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Admin;

/// <summary>Writes a health report: <c>{"status":…,"entries":{"&lt;name&gt;":{"status":…,"detail":…}}}</c>.</summary>
/// <remarks>Needs no token, so it names dependencies and their state and nothing else.</remarks>
internal static class HealthResponse
{
    public static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("status", Word(report.Status));
        json.WriteStartObject("entries");
        foreach (var (name, entry) in report.Entries)
        {
            WriteEntry(json, name, entry);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    private static void WriteEntry(Utf8JsonWriter json, string name, HealthReportEntry entry)
    {
        json.WriteStartObject(name);
        json.WriteString("status", Word(entry.Status));
        if (entry.Description is { Length: > 0 } detail)
        {
            json.WriteString("detail", detail);
        }

        if (entry.Data.Count > 0)
        {
            json.WriteStartObject("members");
            foreach (var (member, state) in entry.Data)
            {
                json.WriteString(member, state.ToString());
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static string Word(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}
