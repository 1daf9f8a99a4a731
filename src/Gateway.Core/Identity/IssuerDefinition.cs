using Gateway.Core.Identity.Keys;
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

    /// <summary>A token must name at least one of these in <c>aud</c>.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>Accepted <c>alg</c> values, all of <see cref="SignatureAlgorithm.Names"/>; there is no symmetric one to name.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = SignatureAlgorithm.Names;

    /// <summary>Accepted <c>typ</c> values in any case, with or without "application/"; the empty string accepts a token without <c>typ</c>.</summary>
    public IReadOnlyList<string> TokenTypes { get; init; } = DefaultTokenTypes;

    /// <summary>How far the issuer's clock and ours may differ, either way.</summary>
    public TimeSpan ClockSkew { get; init; } = DefaultClockSkew;

    /// <summary>The longest accepted <c>exp - iat</c>, which makes <c>iat</c> mandatory; null accepts any.</summary>
    public TimeSpan? MaxLifetime { get; init; }

    /// <summary>Names of the claims that policy may see.</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];

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
        && JwksUri == other.JwksUri
        && JwksFile == other.JwksFile
        && RefreshInterval == other.RefreshInterval;

    public bool Equals(IssuerDefinition? other) =>
        other is not null
        && SharesKeysWith(other)
        && ClockSkew == other.ClockSkew
        && MaxLifetime == other.MaxLifetime
        && MaxKeyAge == other.MaxKeyAge
        && Audiences.SequenceEqual(other.Audiences)
        && Algorithms.SequenceEqual(other.Algorithms)
        && TokenTypes.SequenceEqual(other.TokenTypes)
        && Claims.SequenceEqual(other.Claims);

    public override int GetHashCode() => HashCode.Combine(Name, Issuer);
}
