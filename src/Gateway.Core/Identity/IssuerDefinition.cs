using Gateway.Core.Identity.Keys;
using Gateway.Core.Identity.Kinds;
using Gateway.Core.Identity.Peers;

namespace Gateway.Core.Identity;

/// <summary>An issuer of workload tokens as configured: whom we trust, for which tokens, and where its keys are found.</summary>
/// <remarks>
/// Compares by content, so that a reload can tell an issuer that changed from one that was only read again.
/// With neither <see cref="JwksUri"/> nor <see cref="JwksFile"/> the keys are found by OIDC discovery.
/// </remarks>
internal sealed record IssuerDefinition
{
    public static readonly TimeSpan DefaultClockSkew = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan DefaultMaxKeyAge = TimeSpan.FromHours(24);
    public static readonly TimeSpan DefaultRefreshInterval = TimeSpan.FromMinutes(10);

    /// <summary>Absent, "JWT" (RFC 7519, section 5.1) and "at+jwt" (RFC 9068, section 2.1).</summary>
    public static readonly IReadOnlyList<string> DefaultTokenTypes = ["", "JWT", "at+jwt"];

    /// <summary>The first part of its agents' ids; see <see cref="IsValidName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The exact value of <c>iss</c>.</summary>
    public required string Issuer { get; init; }

    /// <summary>Other values of <c>iss</c> that mean the same issuer.</summary>
    public IReadOnlyList<string> OtherIssuers { get; init; } = [];

    /// <summary>Whose rules its tokens must follow.</summary>
    public IssuerKind Kind { get; init; }

    /// <summary>The tenant of <see cref="IssuerKind.Entra"/>, in lower case; null for other kinds.</summary>
    public string? Tenant { get; init; }

    /// <summary>Whether it is a SPIFFE trust domain: its tokens are JWT-SVIDs, found by their subject and not by <c>iss</c>.</summary>
    public bool IsTrustDomain { get; init; }

    /// <summary>A token must name at least one of these in <c>aud</c>.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>Accepted <c>alg</c> values, all of <see cref="SignatureAlgorithm.Names"/>; there is no symmetric one to name.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = SignatureAlgorithm.Names;

    /// <summary>Accepted <c>typ</c> values in any case, with or without "application/"; the empty string accepts a token without <c>typ</c>.</summary>
    public IReadOnlyList<string> TokenTypes { get; init; } = DefaultTokenTypes;

    /// <summary>How far the issuer's clock and ours may differ, either way.</summary>
    public TimeSpan ClockSkew { get; init; } = DefaultClockSkew;

    /// <summary>The longest accepted <c>exp - iat</c>, which makes <c>iat</c> mandatory, save in a JWT-SVID; null accepts any.</summary>
    public TimeSpan? MaxLifetime { get; init; }

    /// <summary>What every token of the issuer must be bound to.</summary>
    public RequiredProof RequiredProof { get; init; }

    /// <summary>Names of the claims that policy may see.</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];

    /// <summary>Claims that a token must have, all of them.</summary>
    public IReadOnlyList<RequiredClaim> RequiredClaims { get; init; } = [];

    /// <summary>What follows the name in its agents' ids.</summary>
    public AgentIdTemplate AgentId { get; init; } = AgentIdTemplate.Subject;

    /// <summary>The cluster of <see cref="IssuerKind.Kubernetes"/>; null for other kinds.</summary>
    public ClusterDefinition? Cluster { get; init; }

    /// <summary>Null where the cluster is not asked about tokens.</summary>
    public TokenReviewRules? TokenReview { get; init; }

    /// <summary>How long keys are trusted after they were last fetched successfully.</summary>
    public TimeSpan MaxKeyAge { get; init; } = DefaultMaxKeyAge;

    public TimeSpan RefreshInterval { get; init; } = DefaultRefreshInterval;

    /// <summary>Where the JWK set is; null where it is found by discovery or in a file.</summary>
    public Uri? JwksUri { get; init; }

    /// <summary>Absolute path of a JWK set; null where it is fetched.</summary>
    public string? JwksFile { get; init; }

    /// <summary>Whether a name can start an agent id: letters, digits, ".", "_" and "-", and neither "spiffe" nor "unix".</summary>
    /// <remarks>
    /// A colon would let two issuers spell one id, and an issuer called "spiffe" could issue the subject
    /// "//example.org/agent/billing", which would read as another workload's SPIFFE ID. "unix" starts the ids of sockets' peers.
    /// </remarks>
    public static bool IsValidName(string name) =>
        name.Length is > 0 and <= 64
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
        && !name.Equals("spiffe", StringComparison.OrdinalIgnoreCase)
        && !name.Equals(PeerRules.Issuer, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether keys fetched for one definition are those of the other.</summary>
    public bool SharesKeysWith(IssuerDefinition other) =>
        Name == other.Name
        && Issuer == other.Issuer
        && IsTrustDomain == other.IsTrustDomain
        && JwksUri == other.JwksUri
        && JwksFile == other.JwksFile
        && Cluster == other.Cluster
        && RefreshInterval == other.RefreshInterval;

    public bool Equals(IssuerDefinition? other) =>
        other is not null
        && SharesKeysWith(other)
        && ClockSkew == other.ClockSkew
        && MaxLifetime == other.MaxLifetime
        && RequiredProof == other.RequiredProof
        && MaxKeyAge == other.MaxKeyAge
        && Kind == other.Kind
        && Tenant == other.Tenant
        && AgentId.Equals(other.AgentId)
        && TokenReview == other.TokenReview
        && OtherIssuers.SequenceEqual(other.OtherIssuers)
        && RequiredClaims.SequenceEqual(other.RequiredClaims)
        && Audiences.SequenceEqual(other.Audiences)
        && Algorithms.SequenceEqual(other.Algorithms)
        && TokenTypes.SequenceEqual(other.TokenTypes)
        && Claims.SequenceEqual(other.Claims);

    public override int GetHashCode() => HashCode.Combine(Name, Issuer);
}
