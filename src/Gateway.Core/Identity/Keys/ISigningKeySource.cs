namespace Gateway.Core.Identity.Keys;

/// <summary>Keeps an issuer's keys current.</summary>
internal interface ISigningKeySource
{
    /// <summary>The last good keys, whatever their age; null before the first successful fetch. Costs a read.</summary>
    SigningKeySet? Current { get; }

    /// <summary>Waits, for a bounded time, for keys newer than the ones seen.</summary>
    /// <param name="seen">The set that did not do; null where there was none.</param>
    /// <param name="cancellationToken">Ends the wait, not the refresh, which others may share.</param>
    /// <returns><see cref="Current"/>: the set seen where no newer one could be had or the issuer was asked too recently.</returns>
    /// <remarks>Never throws for an issuer's fault: an issuer that is down is a state, not an exception.</remarks>
    ValueTask<SigningKeySet?> RefreshAsync(SigningKeySet? seen, CancellationToken cancellationToken);
}
