namespace Gateway.Core.Credentials;

/// <summary>Remembers the leases of tasks, across a kill of the process. Every change is on disk when its method returns.</summary>
internal interface ILeaseAccounts
{
    /// <param name="account">A lease that is about to be used.</param>
    /// <param name="cancellationToken">The time-out of the issuance.</param>
    /// <exception cref="LedgerUnavailableException">It is not remembered.</exception>
    ValueTask OpenAsync(LeaseAccount account, CancellationToken cancellationToken);

    /// <summary>Takes up uses, ends and moved expiries of accounts that were opened; the others are left out.</summary>
    /// <exception cref="LedgerUnavailableException">Nothing of it is remembered.</exception>
    ValueTask UpdateAsync(IReadOnlyCollection<LeaseAccount> accounts, CancellationToken cancellationToken);

    /// <summary>The accounts of a task, oldest first.</summary>
    /// <exception cref="LedgerUnavailableException">They cannot be read.</exception>
    ValueTask<IReadOnlyList<LeaseAccount>> OfTaskAsync(string task, CancellationToken cancellationToken);

    /// <summary>Ends the accounts that a process before this one left open. Before any is opened.</summary>
    /// <exception cref="LedgerUnavailableException">They cannot be changed.</exception>
    ValueTask AbandonAsync(DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Forgets what ended and was settled before a time, and whose task is not remembered any more: a receipt is whole or gone.</summary>
    /// <exception cref="LedgerUnavailableException">They cannot be changed.</exception>
    ValueTask PruneAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
