using System.Buffers;
using System.Collections.Frozen;

namespace Gateway.Core.Credentials;

/// <summary>Which header fields a credential may be put into.</summary>
internal static class InjectableHeader
{
    /// <summary>RFC 9110 §5.6.2.</summary>
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Fields that decide where a request goes or where it ends: injecting one is request smuggling by configuration.</summary>
    private static readonly FrozenSet<string> Forbidden = new[]
    {
        "Host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authorization",
        "Proxy-Authenticate", "TE", "Trailer", "Upgrade", "HTTP2-Settings", "Expect", "Close",
        // HttpRequestHeaders refuses the fields of a body, so that an entry for one would do nothing.
        "Allow", "Expires", "Last-Modified",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Why the field may not be injected; null where it may.</summary>
    public static string? Check(string name)
    {
        if (name.Length is 0 or > 128 || name.AsSpan().ContainsAnyExcept(TokenCharacters))
        {
            return "Header is not a field name: write 1 to 128 letters, digits or any of !#$%&'*+-.^_`|~ (RFC 9110).";
        }

        if (Forbidden.Contains(name) || name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
        {
            return $"The header {name} frames or routes the request and can never carry a credential.";
        }

        return name.StartsWith("Gateway-", StringComparison.OrdinalIgnoreCase)
            ? $"The header {name} is the gateway's own (Gateway-*) and is removed from every outgoing request."
            : null;
    }
}
