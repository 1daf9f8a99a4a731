using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Credentials;

/// <summary>The leases by id, and the one place where a lease ends.</summary>
internal sealed class LeaseTable(RevocationBook book, LeaseAccountant accountant, ILeaseJournal journal, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Lease> _leases = new(StringComparer.Ordinal);

    public IEnumerable<Lease> All => _leases.Select(l => l.Value);

    public bool TryGet(string id, [NotNullWhen(true)] out Lease? lease) => _leases.TryGetValue(id, out lease);

    /// <summary>Gives a live lease and counts the use.</summary>
    public bool TryUse(string id, [NotNullWhen(true)] out Lease? lease)
    {
        if (_leases.TryGetValue(id, out lease) && lease.TryUse(clock.GetUtcNow()))
        {
            return true;
        }

        lease = null;
        return false;
    }

    public void Add(Lease lease)
    {
        _leases[lease.Id] = lease;
        Report(lease, LeaseEventKind.Issued);
    }

    public void Prolonged(Lease lease)
    {
        accountant.Note(lease, endedAt: null);
        Report(lease, LeaseEventKind.Renewed);
    }

    /// <summary>Nobody is given it any more, and what it owes is due.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="pursue">Whether to revoke it by itself; otherwise the caller sees to what it owes.</param>
    /// <param name="by">The operator who demands it; null where nobody does.</param>
    /// <returns>Whether it had not ended before.</returns>
    public bool End(Lease lease, bool pursue, string? by = null)
    {
        var uses = lease.Drop();
        if (!_leases.TryRemove(lease.Id, out _))
        {
            return false;
        }

        accountant.Note(lease, clock.GetUtcNow());
        if (lease.Debt is { } debt)
        {
            book.Owe(debt, uses, pursue, by);
        }
        else
        {
            Report(lease, LeaseEventKind.Revoked, by);
        }

        return true;
    }

    /// <summary>Ends the leases that have expired, or whose successor has been in place for long enough.</summary>
    public int Sweep(DateTimeOffset now, TimeSpan grace)
    {
        var ended = 0;
        foreach (var (_, lease) in _leases)
        {
            if (!lease.IsLive(now) || lease.IsSuperseded(now, grace))
            {
                ended += End(lease, pursue: true) ? 1 : 0;
            }
            else if (lease.Uses > 0)
            {
                // After a kill, this is what its account will say.
                accountant.Note(lease, endedAt: null);
            }
        }

        return ended;
    }

    private void Report(Lease lease, LeaseEventKind kind, string? by = null) => journal.Record(new LeaseEvent(kind, lease.Id, lease.Key, clock.GetUtcNow())
    {
        IssuedAt = lease.Reference.IssuedAt,
        ExpiresAt = lease.Reference.ExpiresAt,
        Fingerprint = lease.Reference.Fingerprint,
        Revocable = lease.Debt is not null,
        Uses = kind == LeaseEventKind.Issued ? null : lease.Uses,
        By = by,
        Revocation = LeaseRevocation.Unsupported,
        ResidualExpiry = lease.DiesAt,
    });
}
