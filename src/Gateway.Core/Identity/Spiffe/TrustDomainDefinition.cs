namespace Gateway.Core.Identity.Spiffe;

/// <summary>A trust domain as configured: which of its identities are accepted, and where its bundle is found.</summary>
/// <remarks>Compares by content, so that a reload can tell a trust domain that changed from one that was only read again.</remarks>
internal sealed record TrustDomainDefinition
{
    public required string Name { get; init; }

    /// <summary>Absolute path of a bundle; null where it is fetched from the start.</summary>
    public string? BundleFile { get; init; }

    /// <summary>Where the bundle is fetched; null where it is a file.</summary>
    public BundleEndpoint? Endpoint { get; init; }

    /// <summary>What a JWT-SVID says in <c>aud</c>: one of these, and nothing else.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>The longest accepted life of a JWT-SVID.</summary>
    public required TimeSpan MaxLifetime { get; init; }

    /// <summary>How far the trust domain's clock and ours may differ, for tokens and certificates.</summary>
    public required TimeSpan ClockSkew { get; init; }

    /// <summary>How often the bundle is read again; null goes by the bundle's own hint, and looks at a file every second.</summary>
    public TimeSpan? RefreshInterval { get; init; }

    /// <summary>How long a bundle is trusted after it was last read.</summary>
    public required TimeSpan MaxBundleAge { get; init; }

    /// <summary>Whether a bundle kept for one definition is that of the other.</summary>
    public bool SharesBundleWith(TrustDomainDefinition other) =>
        Name == other.Name
        && BundleFile == other.BundleFile
        && Endpoint == other.Endpoint
        && RefreshInterval == other.RefreshInterval
        && MaxBundleAge == other.MaxBundleAge;

    public bool Equals(TrustDomainDefinition? other) =>
        other is not null
        && SharesBundleWith(other)
        && MaxLifetime == other.MaxLifetime
        && ClockSkew == other.ClockSkew
        && Audiences.SequenceEqual(other.Audiences);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
