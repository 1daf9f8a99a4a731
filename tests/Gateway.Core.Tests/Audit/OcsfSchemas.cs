using System.Text.Json;
using NJsonSchema;

namespace Gateway.Core.Tests.Audit;

/// <summary>The published OCSF 1.8.0 schemas, from the folder of vectors that lies beside the repository.</summary>
internal static class OcsfSchemas
{
    private static readonly Lazy<Dictionary<long, JsonSchema>?> ByClass = new(Load);

    public static string? Directory { get; } = Find();

    public static void SkipWhereMissing() =>
        Assert.SkipWhen(Directory is null, "The OCSF schemas are not here: set GATEWAY_VECTORS, or put shared/vectors beside the repository.");

    /// <summary>The errors of an event against the schema of its class; empty where it is valid. Skips the test where there are no schemas.</summary>
    public static IReadOnlyList<string> Validate(string json)
    {
        SkipWhereMissing();
        using var document = JsonDocument.Parse(json);
        var schema = ByClass.Value![document.RootElement.GetProperty("class_uid").GetInt64()];
        return [.. schema.Validate(json).Select(error => error.ToString())];
    }

    private static Dictionary<long, JsonSchema>? Load() => Directory is null ? null : new()
    {
        [6003] = Read("api_activity-1.8.0.schema.json"),
        [3002] = Read("authentication-1.8.0.schema.json"),
        [3004] = Read("entity_management-1.8.0.schema.json"),
        [2004] = Read("detection_finding-1.8.0.schema.json"),
    };

#pragma warning disable VSTHRD002 // Parses a string; there is nothing to wait for.
    private static JsonSchema Read(string file) =>
        JsonSchema.FromJsonAsync(File.ReadAllText(Path.Combine(Directory!, file))).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002

    private static string? Find()
    {
        var vectors = Environment.GetEnvironmentVariable("GATEWAY_VECTORS");
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); vectors is null && folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
            {
                vectors = Path.Combine(folder.FullName, "..", "shared", "vectors");
            }
        }

        var directory = vectors is null ? null : Path.Combine(vectors, "ocsf");
        return System.IO.Directory.Exists(directory) ? directory : null;
    }
}
