namespace Gateway.Configuration;

/// <summary>What a URL in configuration must look like.</summary>
internal static class WebAddress
{
    /// <summary>Checks a URL that the gateway trusts with a secret or with whom to believe: https, or http on a loopback host.</summary>
    /// <returns>Null where it is sound, else what to write instead; never repeats the URL, which may hold a password.</returns>
    public static string? CheckTrusted(string text, bool queryAllowed)
    {
        if (Check(text, queryAllowed) is { } problem)
        {
            return problem;
        }

        return IsEncryptedOrLocal(text) ? null : "must begin with https://: only a loopback host may be reached without encryption.";
    }

    /// <summary>Checks a base URL that requests are forwarded to.</summary>
    /// <returns>Null where it is sound, else what to write instead; never repeats the URL, which may hold a password.</returns>
    public static string? CheckUpstream(string text)
    {
        if (Check(text, queryAllowed: false) is { } problem)
        {
            return problem;
        }

        // The request's path is appended byte for byte; what the server then makes of "..", "//" or "%2f" must not be open to doubt.
        var path = Path(text);
        return path.AsSpan().ContainsAny('%', '\\') || path.Split('/').SkipLast(1).Skip(1).Any(segment => segment.Length == 0) || path.Split('/').Any(segment => segment is "." or "..")
            ? "must have a plain path: without empty segments, \".\", \"..\", percent-encodings and backslashes."
            : null;
    }

    /// <summary>Checks a URL of a server whose paths a protocol names, as gRPC does; one that was found sound otherwise.</summary>
    /// <returns>Null where it has no path of its own, else what to write instead; never repeats the URL.</returns>
    public static string? CheckNoPath(string text) =>
        Path(text) is "" or "/" ? null : "must have no path and no query, since gRPC has paths of its own: write for example \"https://collector:4317\".";

    /// <summary>Whether nobody on the way can read along.</summary>
    public static bool IsEncryptedOrLocal(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.IsLoopback);

    /// <summary>Checks a URL of either scheme, whoever may read along.</summary>
    /// <returns>Null where it is sound, else what to write instead; never repeats the URL, which may hold a password.</returns>
    public static string? Check(string text, bool queryAllowed)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp) ||
            uri.Host.Length == 0 || !HasAuthority(text) || text.Any(char.IsWhiteSpace))
        {
            return "must be an absolute https or http URL: write for example \"https://api.example.com\".";
        }

        // Looked for in the text: an empty user, query or fragment leaves no trace in the parsed URL.
        if (text[..^Path(text).Length].Contains('@') || uri.UserInfo.Length > 0)
        {
            return "must not have a user or a password in it: what authenticates to the server goes into Gateway:Credentials.";
        }

        return text.Contains('#') ? "must not have a fragment (\"#…\")."
            : text.Contains('?') && !queryAllowed ? "must not have a query (\"?…\")."
            : null;
    }

    /// <summary>Uri also takes "http:\\host" and "https:host".</summary>
    private static bool HasAuthority(string text) =>
        text.IndexOf("://", StringComparison.Ordinal) is > 0 and var colon && colon == text.IndexOf(':') && !text[(colon + 3)..].StartsWith('/');

    /// <summary>Everything from the first "/", "\", "?" or "#" behind the authority, as written.</summary>
    private static string Path(string text)
    {
        var authority = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = text.AsSpan(authority).IndexOfAny("/\\?#");
        return end < 0 ? "" : text[(authority + end)..];
    }
}
