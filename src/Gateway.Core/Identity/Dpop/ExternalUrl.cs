using System.Text;

namespace Gateway.Core.Identity.Dpop;

/// <summary>A URL that agents know the gateway by: what stands before the path of a request that it receives.</summary>
/// <remarks>
/// Configured, and never taken from <c>Host</c>: with that, whoever relays a captured request would also choose what its proof is
/// compared with.
/// </remarks>
internal sealed class ExternalUrl
{
    private readonly string _scheme;
    private readonly string _authority;
    private readonly string _defaultPort;
    private readonly string _path;

    /// <param name="url">Absolute, http or https, without user, query and fragment, with a plain path or none.</param>
    public ExternalUrl(Uri url)
    {
        _scheme = url.Scheme;
        _defaultPort = url.Scheme == Uri.UriSchemeHttps ? ":443" : ":80";

        // IdnHost is as hosts are spelt on the wire, yet without an IPv6 address's brackets.
        var host = url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost;
        _authority = url.IsDefaultPort ? host : $"{host}:{url.Port}";
        _path = url.AbsolutePath.TrimEnd('/');
    }

    /// <summary>Whether <c>htu</c> names this request: equal after the normalisation of RFC 3986, sections 6.2.2 and 6.2.3 (RFC 9449, section 4.3).</summary>
    /// <param name="target">The proof's <c>htu</c>; query and fragment do not count (section 4.3, item 9).</param>
    /// <param name="path">The raw path of the request, without its query.</param>
    public bool Matches(ReadOnlySpan<byte> target, ReadOnlySpan<char> path)
    {
        var end = target.IndexOfAny((byte)'?', (byte)'#');
        target = end < 0 ? target : target[..end];
        var colon = target.IndexOf("://"u8);
        if (colon < 0 || !Ascii.EqualsIgnoreCase(target[..colon], _scheme))
        {
            return false;
        }

        target = target[(colon + 3)..];
        var slash = target.IndexOf((byte)'/');
        var authority = slash < 0 ? target : target[..slash];
        return Ascii.EqualsIgnoreCase(WithoutDefaultPort(authority), _authority) && HasPath(slash < 0 ? "/"u8 : target[slash..], path);
    }

    private ReadOnlySpan<byte> WithoutDefaultPort(ReadOnlySpan<byte> authority)
    {
        if (authority is [.., (byte)':'])
        {
            return authority[..^1];
        }

        return authority.Length > _defaultPort.Length && Ascii.Equals(authority[^_defaultPort.Length..], _defaultPort)
            ? authority[..^_defaultPort.Length]
            : authority;
    }

    private bool HasPath(ReadOnlySpan<byte> target, ReadOnlySpan<char> path)
    {
        if (target.Length == _path.Length + path.Length
            && Ascii.Equals(target[.._path.Length], _path)
            && Ascii.Equals(target[_path.Length..], path))
        {
            return true;
        }

        // Spelt differently, which is rare, so that this may allocate.
        return UriPath.Normalize(target).AsSpan().SequenceEqual(UriPath.Normalize(Encoding.UTF8.GetBytes($"{_path}{path}")));
    }
}
