using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Gateway.Routing;

/// <summary>What stands between two slashes of an operation's path: a literal, <c>{name}</c> with optional text around it, or the closing <c>{**name}</c>.</summary>
/// <param name="Prefix">Text before the parameter; the whole segment where there is none. Empty for what follows a final slash.</param>
/// <param name="Parameter">The parameter's name; null for a literal segment.</param>
/// <param name="Suffix">Text behind the parameter.</param>
/// <param name="IsCatchAll">Whether the parameter takes the rest of the path, slashes included, nothing included.</param>
internal sealed partial record SegmentPattern(string Prefix, string? Parameter, string Suffix, bool IsCatchAll)
{
    /// <summary>Equal for two patterns that match the same segments.</summary>
    public string Shape => Parameter is null ? Prefix : IsCatchAll ? "{**}" : $"{Prefix}{{}}{Suffix}";

    public bool IsLiteral => Parameter is null;

    public int LiteralLength => Prefix.Length + Suffix.Length;

    /// <param name="text">The segment as configured.</param>
    /// <param name="segment">The parsed segment.</param>
    /// <param name="problem">What to write instead; does not repeat the text.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out SegmentPattern? segment, [NotNullWhen(false)] out string? problem)
    {
        segment = null;
        problem = null;
        if (text is "." or "..")
        {
            problem = "must not have the segments \".\" and \"..\": such requests are refused before they are matched.";
        }
        else if (CatchAllShape().Match(text) is { Success: true } catchAll)
        {
            segment = new("", catchAll.Groups["name"].Value, "", IsCatchAll: true);
        }
        else if (ParameterShape().Match(text) is { Success: true } parameter)
        {
            segment = new(parameter.Groups["prefix"].Value, parameter.Groups["name"].Value, parameter.Groups["suffix"].Value, IsCatchAll: false);
        }
        else if (LiteralShape().IsMatch(text))
        {
            segment = new(text, null, "", IsCatchAll: false);
        }
        else
        {
            problem = text.AsSpan().ContainsAny('{', '}')
                ? "must write a parameter as {name}, one in a segment at most, the name of letters, digits and '_'; {**name} stands alone at the end."
                : "must have a path of letters, digits and any of -._~!$&'()*+,=:@ between the slashes.";
        }

        return segment is not null;
    }

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

    [GeneratedRegex(@"\A\{\*\*(?<name>[A-Za-z_][A-Za-z0-9_]*)\}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CatchAllShape();

    [GeneratedRegex(@"\A(?<prefix>[A-Za-z0-9._~!$&'()*+,=:@-]*)\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}(?<suffix>[A-Za-z0-9._~!$&'()*+,=:@-]*)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ParameterShape();

    /// <summary>Characters of a path segment (RFC 3986, section 3.3) without percent-encodings, since matching works on what they stand for, and without ';', which some servers take for the segment's end.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9._~!$&'()*+,=:@-]*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LiteralShape();
}
