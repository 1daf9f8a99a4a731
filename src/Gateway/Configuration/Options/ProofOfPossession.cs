namespace Gateway.Configuration;

/// <summary>What an issuer's tokens must be bound to. A token that is bound anyway is refused without its proof, whatever is written here.</summary>
internal enum ProofOfPossession
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A key that the agent proves to hold with each request (RFC 9449).</summary>
    DPoP,

    /// <summary>The agent's client certificate (RFC 8705).</summary>
    MutualTls,
}
