namespace Gateway.Core.Identity;

/// <summary>What an issuer's tokens must be bound to. A token that is bound anyway must be proven whatever is required.</summary>
internal enum RequiredProof
{
    None = 0,

    /// <summary>A key that each request proves to hold (RFC 9449).</summary>
    Dpop,

    /// <summary>The client certificate of the connection (RFC 8705, section 3).</summary>
    MutualTls,
}
