using System.Text.Json;
using Gateway.Integrations.DecisionPoints;

namespace Gateway.Integrations.Opa;

/// <summary>Which revisions of which bundles decided, as <c>?provenance=true</c> tells.</summary>
internal static class OpaProvenance
{
    /// <returns>"name=revision, …" in the order of the names, or the one revision of a bundle without a name; empty where nothing is told.</returns>
    public static string Describe(JsonElement answer)
    {
        if (!answer.TryGetProperty("provenance", out var provenance) || provenance.ValueKind != JsonValueKind.Object)
        {
            return "";
        }

        return provenance.TryGetProperty("bundles", out var bundles) && bundles.ValueKind == JsonValueKind.Object
            ? DecisionText.Identifier(string.Join(", ", bundles.EnumerateObject().OrderBy(b => b.Name, StringComparer.Ordinal).Select(Describe).OfType<string>()))
            : DecisionText.Identifier(provenance, "revision") ?? "";
    }

    private static string? Describe(JsonProperty bundle) =>
        bundle.Value.ValueKind == JsonValueKind.Object && DecisionText.Identifier(bundle.Value, "revision") is { } revision
            ? $"{bundle.Name}={revision}"
            : null;
}
