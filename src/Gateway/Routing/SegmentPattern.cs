using System.Diagnostics.CodeAnalysis;

namespace Gateway.Routing;

/// <summary>One segment of a path template: a literal, <c>{name}</c> with optional literal text around it, or the closing <c>{**name}</c>.</summary>
/// <param name="Prefix">The literal, or the text before the parameter.</param>
/// <param name="Parameter">Null for a literal.</param>
/// <param name="Suffix">The text behind the parameter.</param>
/// <param name="IsCatchAll">Whether the parameter takes all remaining segments, none included.</param>
internal sealed record SegmentPattern(string Prefix, string? Parameter, string Suffix, bool IsCatchAll)
{
    public bool IsLiteral => Parameter is null;

    public int LiteralLength => Prefix.Length + Suffix.Length;

    public bool TryMatch(string segment, StringComparison comparison, [NotNullWhen(true)] out string? value)
    {
        if (segment.Length > LiteralLength && segment.StartsWith(Prefix, comparison) && segment.EndsWith(Suffix, comparison))
        {
            value = segment[Prefix.Length..^Suffix.Length];
            return true;
        }

        value = null;
        return false;
    }

    /// <exception cref="FormatException">The template's syntax is wrong.</exception>
    public static SegmentPattern Parse(string text)
    {
        var open = text.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
        {
            return text.Contains('}', StringComparison.Ordinal)
                ? throw new FormatException($"The segment '{text}' closes a brace that it does not open.")
                : new SegmentPattern(text, null, "", false);
        }

        var close = text.IndexOf('}', open);
        var name = close < 0 ? "" : text[(open + 1)..close];
        var catchAll = name.StartsWith("**", StringComparison.Ordinal);
        name = catchAll ? name[2..] : name;
        var suffix = close < 0 ? "" : text[(close + 1)..];
        if (name.Length == 0 || !IsName(name) || suffix.AsSpan().ContainsAny('{', '}'))
        {
            throw new FormatException($"The segment '{text}' must be a literal, or hold one parameter such as {{name}}.");
        }

        return catchAll && (open > 0 || suffix.Length > 0)
            ? throw new FormatException($"The catch-all segment '{text}' must stand alone.")
            : new SegmentPattern(text[..open], name, suffix, catchAll);
    }

    private static bool IsName(string text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character != '_')
            {
                return false;
            }
        }

        return !char.IsAsciiDigit(text[0]);
    }
}
