using System.Text.Json;
using Gateway.Core.Identity.Jwt;

namespace Gateway.Integrations.DecisionPoints;

/// <summary>Takes texts over from a decision point's answer: bounded, on one line, and with nothing in them that a log or a terminal would obey.</summary>
internal static class DecisionText
{
    public const int MaximumSentence = 512;
    public const int MaximumIdentifier = 128;

    public static string Sentence(string text) => Take(text.ReplaceLineEndings(" ").Replace('\t', ' '), MaximumSentence);

    public static string Identifier(string text) => Take(text, MaximumIdentifier);

    /// <summary>The property's text as an identifier; null where there is none or it is empty.</summary>
    public static string? Identifier(JsonElement parent, string property) =>
        parent.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String && Identifier(value.GetString() ?? "") is { Length: > 0 } text ? text : null;

    private static string Take(string text, int maximum) => SafeText.Sanitise(text.Trim(), maximum);
}
