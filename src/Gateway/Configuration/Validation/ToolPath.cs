using System.Text.RegularExpressions;

namespace Gateway.Configuration;

/// <summary>The prefix that a tool has on the agent listeners.</summary>
internal static partial class ToolPath
{
    /// <summary>The gateway's own paths.</summary>
    private const string Reserved = "/.gateway";

    /// <summary>Returns null where the path is sound, else what to write instead.</summary>
    public static string? Check(string path)
    {
        if (!Shape().IsMatch(path) || path.Split('/').Any(segment => segment is "." or ".."))
        {
            return "must begin with \"/\", not end with it, and have segments of letters, digits, '-', '.', '_' and '~': write for example \"/github\".";
        }

        return path.Equals(Reserved, StringComparison.OrdinalIgnoreCase) || path.StartsWith($"{Reserved}/", StringComparison.OrdinalIgnoreCase)
            ? $"must not be at or below {Reserved}, where the gateway answers itself."
            : null;
    }

    /// <summary>Unreserved characters only (RFC 3986, section 2.3): such a path has one spelling.</summary>
    [GeneratedRegex(@"\A(/[A-Za-z0-9._~-]+)+\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape();
}
