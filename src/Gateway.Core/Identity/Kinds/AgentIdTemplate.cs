using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Gateway.Core.Identity.Jwt;

namespace Gateway.Core.Identity.Kinds;

/// <summary>What follows the issuer's name in an agent's id, made of the token's claims: "repository:{repository_id}[:env:{environment}]".</summary>
/// <remarks>
/// A part in brackets, which can only be the last, is left out where its claim is absent. Whoever influences one claim must not
/// be able to spell another agent's id, so the text is one to one with the claims: a claim cannot hold the character that
/// ends it, and two claims never touch.
/// </remarks>
internal sealed class AgentIdTemplate : IEquatable<AgentIdTemplate>
{
    /// <summary>The subject alone.</summary>
    public static readonly AgentIdTemplate Subject = Parse("{sub}");

    private const int MaxLength = 1024;

    private readonly IReadOnlyList<AgentIdPart> _parts;

    private AgentIdTemplate(string text, IReadOnlyList<AgentIdPart> parts)
    {
        Text = text;
        _parts = parts;
    }

    public string Text { get; }

    /// <exception cref="FormatException">The text is no template; the message says what to write instead.</exception>
    public static AgentIdTemplate Parse(string text) => TryParse(text, out var template, out var problem) ? template : throw new FormatException(problem);

    /// <param name="text">As configured.</param>
    /// <param name="template">The template.</param>
    /// <param name="problem">What to write instead, to follow a key; never repeats the text.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out AgentIdTemplate? template, [NotNullWhen(false)] out string? problem)
    {
        template = null;
        if (!AgentIdParser.TryParse(text, out var parts, out problem))
        {
            return false;
        }

        template = new AgentIdTemplate(text, parts);
        return true;
    }

    /// <summary>Whether every id has that claim in it.</summary>
    public bool Demands(ClaimPath claim) => _parts.Any(part => !part.Optional && part.Claim == claim);

    /// <summary>Makes the text; false where a claim is missing or is none that an id can hold.</summary>
    public bool TryRender(JsonElement claims, [NotNullWhen(true)] out string? id)
    {
        id = null;
        var builder = new StringBuilder();
        foreach (var part in _parts)
        {
            if (!part.Claim.TryFind(claims, out var value))
            {
                if (part.Optional)
                {
                    break;
                }

                return false;
            }

            if (ToText(value) is not { Length: > 0 and <= MaxLength } text || (part.End is { } end && text.Contains(end)))
            {
                return false;
            }

            builder.Append(part.Before).Append(text).Append(part.After);
        }

        id = builder.ToString();
        return builder.Length <= MaxLength && SafeText.IsPlain(id);
    }

    public bool Equals(AgentIdTemplate? other) => other is not null && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as AgentIdTemplate);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    private static string? ToText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number when value.TryGetInt64(out var number) => number.ToString(),
        _ => null,
    };
}
