using System.Text.Json;

namespace Gateway.Core.Identity.Kinds;

/// <summary>A claim that a token must have, and what it may be.</summary>
/// <param name="Path">Which claim.</param>
/// <param name="Values">The accepted values; empty where only its presence counts.</param>
internal sealed record RequiredClaim(ClaimPath Path, IReadOnlyList<string> Values)
{
    /// <summary>Whether the token has it. Of an array one element must be an accepted value.</summary>
    public bool IsMetBy(JsonElement claims) =>
        Path.TryFind(claims, out var value)
        && (Values.Count == 0 || (value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Any(Accepts) : Accepts(value)));

    public bool Equals(RequiredClaim? other) => other is not null && Path == other.Path && Values.SequenceEqual(other.Values);

    public override int GetHashCode() => Path.GetHashCode();

    /// <summary>Texts as they are, truth values and numbers as JSON writes them; objects and null are no values.</summary>
    private bool Accepts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Contains(value.GetString()),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => Contains(value.GetRawText()),
        _ => false,
    };

    private bool Contains(string? text) => text is not null && Values.Contains(text, StringComparer.Ordinal);
}
