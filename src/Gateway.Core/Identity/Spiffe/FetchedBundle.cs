using Gateway.Core.Identity.Keys;

namespace Gateway.Core.Identity.Spiffe;

/// <summary>A bundle, and when its trust domain last said that it holds.</summary>
internal sealed class FetchedBundle(SpiffeBundle bundle, DateTimeOffset fetchedAt)
{
    public SpiffeBundle Bundle => bundle;

    public DateTimeOffset FetchedAt => fetchedAt;

    /// <summary>The bundle's keys as tokens are verified with them.</summary>
    public SigningKeySet SigningKeys { get; } = new(bundle.SigningKeys, fetchedAt);
}
