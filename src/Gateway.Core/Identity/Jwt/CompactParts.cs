namespace Gateway.Core.Identity.Jwt;

/// <summary>The three parts of a JWS in compact serialisation (RFC 7515, section 7.1), as sent; nothing in them is decoded.</summary>
internal readonly ref struct CompactParts
{
    private CompactParts(ReadOnlySpan<char> text, int first, int last)
    {
        Header = text[..first];
        Payload = text[(first + 1)..last];
        Signature = text[(last + 1)..];
        Signed = text[..last];
    }

    public ReadOnlySpan<char> Header { get; }

    public ReadOnlySpan<char> Payload { get; }

    public ReadOnlySpan<char> Signature { get; }

    /// <summary>What the signature is about: the first two parts and the dot between them.</summary>
    public ReadOnlySpan<char> Signed { get; }

    /// <summary>False where there are not exactly three parts.</summary>
    public static bool TrySplit(ReadOnlySpan<char> text, out CompactParts parts)
    {
        var first = text.IndexOf('.');
        var last = text.LastIndexOf('.');
        if (first < 0 || first == last || text[(first + 1)..last].Contains('.'))
        {
            parts = default;
            return false;
        }

        parts = new CompactParts(text, first, last);
        return true;
    }
}
