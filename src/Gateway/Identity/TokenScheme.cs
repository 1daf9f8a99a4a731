namespace Gateway.Identity;

/// <summary>What the carrier of a token says about it.</summary>
internal enum TokenScheme
{
    /// <summary>Nothing: the carrier has no scheme of its own for tokens.</summary>
    None = 0,

    /// <summary>Whoever holds the token may use it (RFC 6750).</summary>
    Bearer,

    /// <summary>A proof comes with the token (RFC 9449, section 7.1).</summary>
    DPoP,
}
