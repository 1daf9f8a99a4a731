namespace Gateway.Configuration;

/// <summary>What kind of issuer signs an agent's token.</summary>
internal enum IssuerKind
{
    /// <summary>Signed JWTs as OpenID Connect and OAuth servers issue them.</summary>
    Oidc,
}
