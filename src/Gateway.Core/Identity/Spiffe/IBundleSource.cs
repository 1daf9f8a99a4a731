namespace Gateway.Core.Identity.Spiffe;

/// <summary>Keeps a trust domain's bundle current.</summary>
internal interface IBundleSource
{
    /// <summary>The last good bundle, whatever its age; null before there was one. Costs a read.</summary>
    FetchedBundle? Current { get; }

    /// <summary>Waits, for a bounded time, for a bundle newer than the one seen.</summary>
    /// <returns><see cref="Current"/>: the one seen where no newer one could be had or the trust domain was asked too recently.</returns>
    /// <remarks>Never throws for the trust domain's fault.</remarks>
    ValueTask<FetchedBundle?> RefreshAsync(FetchedBundle? seen, CancellationToken cancellationToken);
}
