namespace Gateway.Configuration;

/// <summary>One issuer whose tokens identify agents.</summary>
internal sealed record IssuerOptions
{
    /// <summary>Default: <see cref="IssuerKind.Oidc"/>.</summary>
    public IssuerKind Kind { get; init; } = IssuerKind.Oidc;

    /// <summary>
    /// What the tokens say in <c>iss</c>, byte for byte. Without <see cref="JwksUri"/> and <see cref="JwksFile"/> the keys are
    /// found through OpenID Connect Discovery 1.0 below it, and it must be an https URL (http on a loopback host).
    /// </summary>
    [Expects("the issuer's URL exactly as its tokens spell it in \"iss\", such as \"https://idp.example\"")]
    public required string Issuer { get; init; }

    /// <summary>A token is accepted when its <c>aud</c> holds one of these. At least one.</summary>
    [Expects("what the tokens say in \"aud\", such as [\"gateway\"]")]
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>Where the issuer's keys (RFC 7517) are fetched, https (http on a loopback host). Null: discovery, or <see cref="JwksFile"/>.</summary>
    [Expects("an https URL such as \"https://idp.example/keys\"")]
    public string? JwksUri { get; init; }

    /// <summary>File with the issuer's keys (RFC 7517). Null: discovery, or <see cref="JwksUri"/>.</summary>
    [Expects("the path of a JWKS file")]
    public string? JwksFile { get; init; }

    /// <summary>
    /// Accepted signature algorithms (RFC 7518), asymmetric ones only: a verifier that knows an HMAC key could also sign.
    /// Default: RS, PS and ES, each with 256, 384 and 512.
    /// </summary>
    [Expects("signature algorithms such as [\"ES256\"]")]
    public IReadOnlyList<string> Algorithms { get; init; } = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <summary>Accepted values of the header <c>typ</c>; the empty text accepts a token without it. Default: none, "JWT" and "at+jwt" (RFC 9068).</summary>
    [Expects("token types such as [\"at+jwt\"]")]
    [MayBeEmpty]
    public IReadOnlyList<string> TokenTypes { get; init; } = ["", "JWT", "at+jwt"];

    /// <summary>By how much the issuer's clock may differ. 0 to 5 minutes. Default: 30 seconds.</summary>
    [Between("00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What the issuer's tokens must be bound to; others are refused. A token that is bound to something needs its proof, whatever
    /// is written here. Default: <see cref="ProofOfPossession.None"/>.
    /// </summary>
    public ProofOfPossession ProofOfPossession { get; init; } = ProofOfPossession.None;

    /// <summary>Longest accepted life of a token, from <c>iat</c> to <c>exp</c>. 1 second to 366 days. Null: any.</summary>
    [Between("00:00:01", "366.00:00:00")]
    public TimeSpan? MaxLifetime { get; init; }

    /// <summary>How long the last good keys serve while the issuer cannot be reached; afterwards its tokens are refused. 1 second to 30 days. Default: 1 day.</summary>
    [Between("00:00:01", "30.00:00:00")]
    public TimeSpan MaxKeyAge { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How often the keys are fetched again. 1 second to 1 day, at most <see cref="MaxKeyAge"/>. Default: 10 minutes.</summary>
    [Between("00:00:01", "1.00:00:00")]
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Claims that policy may see as <c>principal.claims</c>. Default: none.</summary>
    [Expects("names of claims such as [\"groups\"]")]
    public IReadOnlyList<string> Claims { get; init; } = [];
}
