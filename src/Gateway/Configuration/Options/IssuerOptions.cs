using System.Collections.ObjectModel;
using Gateway.Core.Credentials;
using Gateway.Core.Identity.Kinds;

namespace Gateway.Configuration;

/// <summary>One issuer whose tokens identify agents.</summary>
internal sealed record IssuerOptions
{
    /// <summary>What its tokens must look like; see <see cref="IssuerProfile"/>. Default: <see cref="IssuerKind.Oidc"/>.</summary>
    public IssuerKind Kind { get; init; } = IssuerKind.Oidc;

    /// <summary>
    /// What the tokens say in <c>iss</c>, byte for byte. Without <see cref="JwksUri"/> and <see cref="JwksFile"/> the keys are
    /// found through OpenID Connect Discovery 1.0 below it, and it must be an https URL (http on a loopback host). Null: the kind's
    /// own (GitHubActions, Google, and Entra with <see cref="Tenant"/>); other kinds need it. Entra's two forms, v1 and v2, of one
    /// tenant are accepted both, whichever is written.
    /// </summary>
    [Expects("the issuer's URL exactly as its tokens spell it in \"iss\", such as \"https://idp.example\"")]
    public string? Issuer { get; init; }

    /// <summary>Id of the one Entra tenant whose tokens are accepted. Null: taken from <see cref="Issuer"/>. Only for Entra.</summary>
    [Expects("the tenant's id, such as \"00000000-0000-0000-0000-000000000000\"")]
    public string? Tenant { get; init; }

    /// <summary>A token is accepted when its <c>aud</c> holds one of these. At least one.</summary>
    [Expects("what the tokens say in \"aud\", such as [\"gateway\"]")]
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>Where the issuer's keys (RFC 7517) are fetched, https (http on a loopback host). Null: discovery, or <see cref="JwksFile"/>.</summary>
    /// <remarks>
    /// Kubernetes without either: <c>/openid/v1/jwks</c> of <see cref="ApiServer"/> where that is written or the issuer is the
    /// cluster's own name (kubernetes.default.svc), since the discovery document there may name an address that no pod can reach.
    /// </remarks>
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

    /// <summary>Longest accepted life of a token, from <c>iat</c> to <c>exp</c>. 1 second to 366 days. Null: the kind's
    /// (Kubernetes 1 day, Entra 29 hours, GitHubActions and Google 1 hour), which is also the most that it can be; Oidc: any.</summary>
    [Between("00:00:01", "366.00:00:00")]
    public TimeSpan? MaxLifetime { get; init; }

    /// <summary>How long the last good keys serve while the issuer cannot be reached; afterwards its tokens are refused. 1 second to 30 days. Default: 1 day.</summary>
    [Between("00:00:01", "30.00:00:00")]
    public TimeSpan MaxKeyAge { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How often the keys are fetched again. 1 second to 1 day, at most <see cref="MaxKeyAge"/>. Default: 10 minutes.</summary>
    [Between("00:00:01", "1.00:00:00")]
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Claims that a token must have, with their accepted values (of an array, one must be in it); an empty list accepts any value.
    /// A claim is named as it stands, or, inside another, by a JSON Pointer (RFC 6901) such as
    /// <c>/kubernetes.io/namespace</c>. Default: none; GitHubActions needs <c>repository_owner_id</c> or <c>repository_id</c> here.
    /// </summary>
    [Expects("claims with their accepted values such as { \"repository_owner_id\": [\"1234\"] }")]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> RequiredClaims { get; init; } = ReadOnlyDictionary<string, IReadOnlyList<string>>.Empty;

    /// <summary>
    /// What follows the issuer's name and a colon in an agent's id: text with claims in braces, named as in
    /// <see cref="RequiredClaims"/>. A last part in brackets is left out where its claim is absent. Null: <c>{sub}</c>; GitHubActions:
    /// <c>repository_id:{repository_id}[:environment:{environment}]</c>.
    /// </summary>
    [Expects("a template such as \"{sub}\"")]
    public string? AgentId { get; init; }

    /// <summary>Whether the cluster is asked about each token that verifies, so that a deleted pod's token stops working. Only for Kubernetes. Default: false.</summary>
    public bool TokenReview { get; init; }

    /// <summary>How long the cluster's word for a token counts. 0 (asked for every call) to 1 hour. Default: 1 minute.</summary>
    [Between("00:00:00", "01:00:00")]
    public TimeSpan TokenReviewCache { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the cluster may take to answer; afterwards the token is refused. 100 milliseconds to 1 minute. Default: 5 seconds.</summary>
    [Between("00:00:00.1", "00:01:00")]
    public TimeSpan TokenReviewTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The cluster's API server, https (http on a loopback host). Null: https://kubernetes.default.svc. Only for Kubernetes.</summary>
    [Expects("an https URL without a path such as \"https://10.0.0.1:6443\"")]
    public string? ApiServer { get; init; }

    /// <summary>PEM file with the authorities that vouch for <see cref="ApiServer"/>, and they alone. Null: the pod's own,
    /// /var/run/secrets/kubernetes.io/serviceaccount/ca.crt. Only for Kubernetes.</summary>
    [Expects("the path of a PEM file")]
    public string? CaFile { get; init; }

    /// <summary>The gateway's own token for <see cref="ApiServer"/>, which sees no other host. Null: the pod's own,
    /// file:/var/run/secrets/kubernetes.io/serviceaccount/token. Only for Kubernetes.</summary>
    [Expects("a reference: secret:NAME, env:NAME or file:PATH")]
    public SecretReference? ApiServerToken { get; init; }

    /// <summary>Claims that policy may see as <c>principal.claims</c>, beside those that the kind shows by itself. Default: none.</summary>
    [Expects("names of claims such as [\"groups\"]")]
    public IReadOnlyList<string> Claims { get; init; } = [];
}
