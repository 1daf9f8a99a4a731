namespace Gateway.Core.Identity.Dpop;

/// <summary>A request as far as a DPoP proof speaks about it.</summary>
internal readonly ref struct DpopRequest
{
    /// <summary>The value of the one <c>DPoP</c> header.</summary>
    public required ReadOnlySpan<char> Proof { get; init; }

    public required string Method { get; init; }

    /// <summary>The raw target up to its query.</summary>
    public required ReadOnlySpan<char> Path { get; init; }

    /// <summary>How agents may call the listener that the request came to; empty where that is not known.</summary>
    public required IReadOnlyList<ExternalUrl> Urls { get; init; }

    /// <summary>SHA-256 of the token, base64url (RFC 9449, section 4.2, <c>ath</c>).</summary>
    public required string TokenHash { get; init; }

    /// <summary>The key that the token is bound to.</summary>
    public required BoundKey Key { get; init; }
}
