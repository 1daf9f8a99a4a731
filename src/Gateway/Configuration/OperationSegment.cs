using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Gateway.Configuration;

/// <summary>What stands between two slashes of an operation's path.</summary>
/// <param name="Prefix">Text before the parameter; the whole segment where there is none. Empty for what follows a final slash.</param>
/// <param name="Parameter">The parameter's name; null for a literal segment.</param>
/// <param name="Suffix">Text behind the parameter.</param>
/// <param name="CatchAll">Whether the parameter takes the rest of the path, slashes included.</param>
internal sealed partial record OperationSegment(string Prefix, string? Parameter, string Suffix, bool CatchAll)
{
    public string Shape => Parameter is null ? Prefix : CatchAll ? "{**}" : $"{Prefix}{{}}{Suffix}";

    /// <param name="text">The segment as configured.</param>
    /// <param name="segment">The parsed segment.</param>
    /// <param name="problem">What to write instead; does not repeat the text.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out OperationSegment? segment, [NotNullWhen(false)] out string? problem)
    {
        segment = null;
        problem = null;
        if (text is "." or "..")
        {
            problem = "must not have the segments \".\" and \"..\": such requests are refused before they are matched.";
        }
        else if (CatchAllShape().Match(text) is { Success: true } catchAll)
        {
            segment = new("", catchAll.Groups["name"].Value, "", CatchAll: true);
        }
        else if (ParameterShape().Match(text) is { Success: true } parameter)
        {
            segment = new(parameter.Groups["prefix"].Value, parameter.Groups["name"].Value, parameter.Groups["suffix"].Value, CatchAll: false);
        }
        else if (LiteralShape().IsMatch(text))
        {
            segment = new(text, null, "", CatchAll: false);
        }
        else
        {
            problem = text.AsSpan().ContainsAny('{', '}')
                ? "must write a parameter as {name}, one in a segment at most, the name of letters, digits and '_'; {**name} stands alone at the end."
                : "must have a path of letters, digits and any of -._~!$&'()*+,;=:@ between the slashes.";
        }

        return segment is not null;
    }

    [GeneratedRegex(@"\A\{\*\*(?<name>[A-Za-z_][A-Za-z0-9_]*)\}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CatchAllShape();

    [GeneratedRegex(@"\A(?<prefix>[A-Za-z0-9._~!$&'()*+,;=:@-]*)\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}(?<suffix>[A-Za-z0-9._~!$&'()*+,;=:@-]*)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ParameterShape();

    /// <summary>Characters of a path segment (RFC 3986, section 3.3) without percent-encodings: matching works on what they stand for.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9._~!$&'()*+,;=:@-]*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LiteralShape();
}
