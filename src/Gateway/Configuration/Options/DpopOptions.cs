namespace Gateway.Configuration;

/// <summary>How DPoP proofs are judged (RFC 9449).</summary>
internal sealed record DpopOptions
{
    /// <summary>
    /// Whether proofs must hold a nonce of the gateway's, which costs the first call of a client a round trip, keeps proofs from
    /// being made in stock, and voids those made before a restart. Default: <see cref="DpopNonce.None"/>.
    /// </summary>
    public DpopNonce Nonce { get; init; } = DpopNonce.None;

    /// <summary>How long a proof counts after its <c>iat</c>, the difference of the clocks included. 5 seconds to 5 minutes. Default: 30 seconds.</summary>
    [Between("00:00:05", "00:05:00")]
    public TimeSpan ProofLifetime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>By how much <c>iat</c> may lie in the future. 0 to 5 minutes. Default: 30 seconds.</summary>
    [Between("00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Accepted signature algorithms of proofs (RFC 7518). Default: ES, PS and RS, each with 256, 384 and 512.</summary>
    [Expects("signature algorithms such as [\"ES256\"]")]
    public IReadOnlyList<string> Algorithms { get; init; } = ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"];
}
