using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Credentials;

/// <summary>Every revocation that is not settled: of credentials in use, and of those that are owed.</summary>
/// <remarks>
/// Whatever is in the outbox and not settled is owed at the next start, so that the outbox need not know what is in use.
/// Nothing here is on the way of a call that has its lease.
/// </remarks>
internal sealed class RevocationBook(IRevocationOutbox outbox, ILeaseJournal journal, TimeProvider clock, ILogger<RevocationBook> logger)
{
    private readonly Lock _gate = new();
    private readonly DebtIndex _debts = new();
    private readonly RevocationNews _news = new(journal, clock, logger);
    private readonly Channel<Debt> _due = Channel.CreateUnbounded<Debt>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Debts to revoke, each once.</summary>
    public ChannelReader<Debt> Due => _due.Reader;

    /// <summary>Remembers a debt whose credential is not used before this returns.</summary>
    /// <exception cref="CredentialIssueException">It cannot be remembered.</exception>
    public async Task<Debt> NoteAsync(LeaseKey key, string lease, Revocation revocation, string? coveredBy, ICredentialProvider issuer)
    {
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var owed = new OwedRevocation(id, lease, key, revocation, coveredBy, clock.GetUtcNow());
        try
        {
            // Not to be cancelled: a debt that was written and not taken up here would wait for the next start.
            await outbox.AddAsync(owed, CancellationToken.None);
        }
        catch (LedgerUnavailableException unavailable)
        {
            throw new CredentialIssueException($"credential '{key.Credential}': what has to be revoked cannot be remembered: {unavailable.Message}");
        }

        var debt = new Debt(owed, issuer);
        lock (_gate)
        {
            _debts.Add(debt);
        }

        return debt;
    }

    /// <summary>Notes that a credential was prolonged, before the time that it gained is used.</summary>
    /// <exception cref="CredentialIssueException">It cannot be remembered.</exception>
    public async Task ExtendAsync(string id, DateTimeOffset expiresAt)
    {
        lock (_gate)
        {
            if (_debts.Find(id) is { } debt)
            {
                debt.ExpiresAt = expiresAt;
            }
        }

        try
        {
            await outbox.ExtendAsync(id, expiresAt, CancellationToken.None);
        }
        catch (LedgerUnavailableException unavailable)
        {
            throw new CredentialIssueException($"a renewal cannot be remembered: {unavailable.Message}");
        }
    }

    /// <summary>Its credential is not used any more.</summary>
    /// <param name="id">The debt.</param>
    /// <param name="uses">How often it was used; null where nobody knows.</param>
    /// <param name="pursue">Whether to revoke it by itself; otherwise <see cref="OweTask"/> or <see cref="OweAll()"/> follows.</param>
    /// <param name="by">Which operator demands it; null where it ends by itself or with its task.</param>
    public void Owe(string id, long? uses, bool pursue = true, string? by = null)
    {
        lock (_gate)
        {
            if (_debts.Find(id) is not { } debt)
            {
                return;
            }

            (debt.IsOwed, debt.Uses, debt.By) = (true, uses, by);
            if (pursue)
            {
                Pursue(debt);
            }
        }
    }

    /// <summary>The issuance that noted it failed. What other credentials in use hang on is left alone.</summary>
    public void OweUnused(string id)
    {
        lock (_gate)
        {
            if (_debts.Find(id) is { } debt && _debts.CoveredBy(debt).All(d => d.IsOwed))
            {
                (debt.IsOwed, debt.Uses) = (true, 0);
                Pursue(debt);
            }
        }
    }

    /// <summary>Nothing of the task is used any more. What ends several credentials at once goes first.</summary>
    public void OweTask(string task)
    {
        lock (_gate)
        {
            OweAll(_debts.OfTask(task));
        }
    }

    /// <summary>Nothing is used any more: the gateway stops.</summary>
    public void OweAll()
    {
        lock (_gate)
        {
            OweAll(_debts.All());
        }
    }

    /// <summary>Has what is owed tried at once, whatever it waits for.</summary>
    /// <param name="name">As <see cref="Debt.Name"/> says.</param>
    /// <param name="by">The operator who demands it.</param>
    /// <returns>Null where nothing is owed under this name.</returns>
    public Debt? Demand(string name, string by)
    {
        lock (_gate)
        {
            Debt[] named = [.. _debts.All().Where(d => d.IsOwed && d.Name == name)];
            foreach (var debt in named)
            {
                debt.By = by;
                debt.Wake();
                if (!debt.IsPursued)
                {
                    debt.IsPursued = true;
                    _due.Writer.TryWrite(debt);
                }
            }

            return named.FirstOrDefault();
        }
    }

    /// <summary>Takes up what processes before this one left behind; all of it is owed.</summary>
    /// <exception cref="LedgerUnavailableException">It cannot be read.</exception>
    public async Task<IReadOnlyList<Debt>> LoadAsync(CancellationToken cancellationToken)
    {
        Debt[] debts = [.. (await outbox.LoadAsync(cancellationToken)).Select(owed => new Debt(owed, issuer: null))];
        lock (_gate)
        {
            foreach (var debt in debts)
            {
                _debts.Add(debt);
            }

            OweAll(debts);
        }

        return debts;
    }

    /// <summary>Debts of a task, in use or owed.</summary>
    public IReadOnlyList<Debt> OfTask(string task)
    {
        lock (_gate)
        {
            return _debts.OfTask(task);
        }
    }

    /// <summary>Debts that are owed.</summary>
    public IReadOnlyList<Debt> Owed()
    {
        lock (_gate)
        {
            return [.. _debts.All().Where(d => d.IsOwed)];
        }
    }

    public bool IsStuck(string id)
    {
        lock (_gate)
        {
            return _debts.Find(id) is { IsOwed: true, IsStuck: true };
        }
    }

    /// <summary>An attempt failed.</summary>
    /// <param name="debt">What was tried.</param>
    /// <param name="problem">Why; no secret, no issuer's words.</param>
    /// <param name="isStuck">Whether trying again needs an operator first.</param>
    /// <param name="nextAttemptAt">When it is tried again nevertheless.</param>
    public void Fail(Debt debt, string problem, bool isStuck, DateTimeOffset nextAttemptAt)
    {
        _news.Failed(debt, problem, isStuck, nextAttemptAt);
        debt.Fail(problem, isStuck, nextAttemptAt);
        if (isStuck)
        {
            Uncover(debt);
        }
    }

    /// <summary>Nothing is owed any more for this debt. What it covers is asked about next: it is ending, and "confirmed" means that it has.</summary>
    /// <exception cref="LedgerUnavailableException">It is not remembered, so it still is owed.</exception>
    public async Task SettleAsync(Debt debt, DebtState outcome, CancellationToken cancellationToken)
    {
        await outbox.SettleAsync(debt.Id, outcome, clock.GetUtcNow(), cancellationToken);
        lock (_gate)
        {
            _debts.Remove(debt);
        }

        _news.Settled(debt, outcome);
        debt.Settle();
        Uncover(debt);
    }

    /// <summary>What waited for it is to be ended by itself.</summary>
    private void Uncover(Debt debt)
    {
        lock (_gate)
        {
            foreach (var covered in _debts.CoveredBy(debt).Where(d => d is { IsOwed: true, IsPursued: false }))
            {
                covered.IsPursued = true;
                _due.Writer.TryWrite(covered);
            }
        }
    }

    private void OweAll(IReadOnlyList<Debt> debts)
    {
        foreach (var debt in debts)
        {
            debt.IsOwed = true;
        }

        foreach (var debt in debts)
        {
            Pursue(debt);
        }
    }

    private void Pursue(Debt debt)
    {
        var waitsForCover = debt.Owed.CoveredBy is { } cover && _debts.Find(cover) is { IsOwed: true, IsStuck: false };
        if (!debt.IsPursued && !waitsForCover)
        {
            debt.IsPursued = true;
            _due.Writer.TryWrite(debt);
        }
    }
}
