using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Identity.Kinds;

/// <summary>Reads the template of an agent id.</summary>
internal static class AgentIdParser
{
    private const int MaxLength = 256;

    public static bool TryParse(string text, [NotNullWhen(true)] out IReadOnlyList<AgentIdPart>? parts, [NotNullWhen(false)] out string? problem)
    {
        parts = null;
        if (text.Length > MaxLength || text.Any(c => c is <= ' ' or > '~'))
        {
            problem = $"must be at most {MaxLength} characters of ASCII without spaces: write for example \"{{sub}}\".";
            return false;
        }

        var bracket = text.IndexOf('[');
        var found = new List<AgentIdPart>();
        if (!TryParseRun(bracket < 0 ? text : text[..bracket], optional: false, found)
            || (bracket >= 0 && (!text.EndsWith(']') || !TryParseRun(text[(bracket + 1)..^1], optional: true, found))))
        {
            problem = "must be text with claims in braces, and at most one part in brackets, at its end and with one claim: write for example \"{sub}\" or \"{repository_id}[:{environment}]\".";
            return false;
        }

        for (var i = 0; i + 1 < found.Count; i++)
        {
            if ((found[i].After + found[i + 1].Before) is not { Length: > 0 } between)
            {
                problem = "must have a character between one claim and the next, or two agents could get one id: write for example \"{repository_id}:{environment}\".";
                return false;
            }

            found[i] = found[i] with { End = between[0] };
        }

        parts = found;
        problem = null;
        return true;
    }

    /// <summary>Text and claims in turn, one claim at least; in brackets exactly one.</summary>
    private static bool TryParseRun(string text, bool optional, List<AgentIdPart> parts)
    {
        var count = 0;
        var rest = text;
        while (rest.IndexOf('{') is >= 0 and var open)
        {
            var close = rest.IndexOf('}', open);
            if (close < 0 || !IsPlain(rest[..open]) || rest[(open + 1)..close].Contains('{') || !ClaimPath.TryParse(rest[(open + 1)..close], out var claim))
            {
                return false;
            }

            parts.Add(new AgentIdPart(claim, rest[..open], "", optional));
            rest = rest[(close + 1)..];
            count++;
        }

        if (count == 0 || (optional && count > 1) || !IsPlain(rest))
        {
            return false;
        }

        parts[^1] = parts[^1] with { After = rest };
        return true;
    }

    private static bool IsPlain(string text) => !text.AsSpan().ContainsAny("{}[]");
}
