using System.Text.Json;

namespace Gateway.Tests.EndToEnd;

/// <summary>Reads what the tests ask of an OCSF event, by its path in the schema.</summary>
internal static class OcsfFields
{
    public static int ClassUid(this JsonElement logged) => logged.GetProperty("class_uid").GetInt32();

    public static string? Agent(this JsonElement logged) => logged.Text("actor", "app_uid");

    public static string? Tool(this JsonElement logged) => logged.Text("api", "service", "name");

    public static string? Operation(this JsonElement logged) => logged.Text("api", "operation");

    public static int Status(this JsonElement logged) => logged.GetProperty("http_response").GetProperty("code").GetInt32();

    public static string? Disposition(this JsonElement logged) => logged.Text("disposition");

    public static string? Reason(this JsonElement logged) => logged.Text("unmapped", "gateway", "reason");

    public static string? Policy(this JsonElement logged) => logged.Text("policy", "uid");

    public static bool Forwarded(this JsonElement logged) => logged.GetProperty("unmapped").GetProperty("gateway").GetProperty("forwarded").GetBoolean();

    /// <summary>The string at a path; null where there is none.</summary>
    public static string? Text(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element.GetString();
    }
}
