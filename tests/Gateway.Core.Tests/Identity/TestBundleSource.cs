using Gateway.Core.Identity.Spiffe;

namespace Gateway.Core.Tests.Identity;

/// <summary>A bundle that a test sets, now or at the next refresh.</summary>
internal sealed class TestBundleSource(SpiffeBundle? bundle, DateTimeOffset fetchedAt) : IBundleSource
{
    public FetchedBundle? Current { get; set; } = bundle is null ? null : new FetchedBundle(bundle, fetchedAt);

    public FetchedBundle? AfterRefresh { get; set; }

    public ValueTask<FetchedBundle?> RefreshAsync(FetchedBundle? seen, CancellationToken cancellationToken) => new(Current = AfterRefresh ?? Current);

    public static TrustDomainDefinition Definition(string name = "example.org") => new()
    {
        Name = name,
        BundleFile = "/bundle.json",
        Audiences = ["gateway"],
        MaxLifetime = TimeSpan.FromMinutes(5),
        ClockSkew = TimeSpan.FromSeconds(30),
        MaxBundleAge = TimeSpan.FromDays(1),
    };
}
