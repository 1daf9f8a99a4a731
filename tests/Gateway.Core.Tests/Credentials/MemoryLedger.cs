using System.Collections.Concurrent;
using Gateway.Core.Credentials;

namespace Gateway.Core.Tests.Credentials;

/// <summary>Outbox, accounts and journal in memory, with a disk that the test can fill.</summary>
internal sealed class MemoryLedger : IRevocationOutbox, ILeaseAccounts, ILeaseJournal
{
    private readonly ConcurrentDictionary<string, (OwedRevocation Owed, DebtState State)> _debts = new();
    private readonly ConcurrentDictionary<string, LeaseAccount> _accounts = new();

    public bool IsFull { get; set; }

    public ConcurrentQueue<LeaseEvent> Events { get; } = new();

    /// <summary>The debts that were settled, in order.</summary>
    public ConcurrentQueue<(string Id, DebtState Outcome)> Settlements { get; } = new();

    public IReadOnlyList<OwedRevocation> Open => [.. _debts.Values.Where(d => d.State == DebtState.Open).Select(d => d.Owed)];

    public int Noted => _debts.Count;

    public void Record(LeaseEvent lease) => Events.Enqueue(lease);

    public ValueTask AddAsync(OwedRevocation owed, CancellationToken cancellationToken)
    {
        Check();
        Assert.True(_debts.TryAdd(owed.Id, (owed, DebtState.Open)));
        return default;
    }

    public ValueTask ExtendAsync(string id, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        Check();
        var (owed, state) = _debts[id];
        _debts[id] = (owed with { Revocation = owed.Revocation with { ExpiresAt = expiresAt } }, state);
        return default;
    }

    public ValueTask SettleAsync(string id, DebtState outcome, DateTimeOffset at, CancellationToken cancellationToken)
    {
        Check();
        _debts[id] = (_debts[id].Owed, outcome);
        Settlements.Enqueue((id, outcome));
        return default;
    }

    public ValueTask<IReadOnlyList<OwedRevocation>> LoadAsync(CancellationToken cancellationToken) => new(Open);

    public ValueTask OpenAsync(LeaseAccount account, CancellationToken cancellationToken)
    {
        Check();
        Assert.True(_accounts.TryAdd(account.Id, account));
        return default;
    }

    public ValueTask UpdateAsync(IReadOnlyCollection<LeaseAccount> accounts, CancellationToken cancellationToken)
    {
        Check();
        foreach (var account in accounts)
        {
            if (_accounts.TryGetValue(account.Id, out var former) && former.EndedAt is null)
            {
                _accounts[account.Id] = account;
            }
        }

        return default;
    }

    public ValueTask<IReadOnlyList<LeaseAccount>> OfTaskAsync(string task, CancellationToken cancellationToken) =>
        new([.. _accounts.Values.Where(a => a.Key.Task == task).OrderBy(a => a.IssuedAt).Select(Settled)]);

    public ValueTask AbandonAsync(DateTimeOffset at, CancellationToken cancellationToken) => default;

    public ValueTask PruneAsync(DateTimeOffset before, CancellationToken cancellationToken) => default;

    private LeaseAccount Settled(LeaseAccount account)
    {
        var revocation = account.Debt is not { } debt ? LeaseRevocation.Unsupported : _debts[debt].State switch
        {
            DebtState.Confirmed => LeaseRevocation.Confirmed,
            DebtState.Unsupported => LeaseRevocation.Unsupported,
            DebtState.Expired => LeaseRevocation.Failed,
            _ => LeaseRevocation.Queued,
        };
        return account with { Revocation = revocation };
    }

    private void Check()
    {
        if (IsFull)
        {
            throw new LedgerUnavailableException("the disk is full.");
        }
    }
}
