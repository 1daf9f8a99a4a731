namespace Gateway.Core.Credentials;

/// <summary>Remembers what has to be revoked, across a kill of the process. Every change is on disk when its method returns.</summary>
internal interface IRevocationOutbox
{
    /// <exception cref="LedgerUnavailableException">It is not remembered.</exception>
    ValueTask AddAsync(OwedRevocation owed, CancellationToken cancellationToken);

    /// <summary>Notes that the issuer ends it later than was thought.</summary>
    /// <exception cref="LedgerUnavailableException">It is not remembered.</exception>
    ValueTask ExtendAsync(string id, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>Settles a debt; its handle is forgotten.</summary>
    /// <exception cref="LedgerUnavailableException">It is not remembered.</exception>
    ValueTask SettleAsync(string id, DebtState outcome, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>What is open: at start, all that processes before this one left behind.</summary>
    /// <exception cref="LedgerUnavailableException">It cannot be read.</exception>
    ValueTask<IReadOnlyList<OwedRevocation>> LoadAsync(CancellationToken cancellationToken);
}
