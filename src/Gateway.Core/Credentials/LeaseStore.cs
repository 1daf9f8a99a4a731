using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Credentials;

/// <summary>Where issued credentials live: obtained once per key however many calls wait, prolonged or replaced ahead of expiry, gone with it or with their task.</summary>
internal sealed class LeaseStore : IDisposable
{
    /// <summary>Longer than any call can be between the look at its task and the injection.</summary>
    private static readonly TimeSpan EndRemembered = TimeSpan.FromMinutes(10);

    private readonly LeaseSlots _slots;
    private readonly LeaseTable _table;
    private readonly LeaseAccountant _accountant;
    private readonly LeaseDrain _drain;
    private readonly LeaseRun _run;
    private readonly RevocationBook _book;
    private readonly CancellationTokenSource _stopping = new();
    private readonly LeaseStoreOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<LeaseStore> _logger;
    private readonly ITimer _sweep;
    private int _fullLogged;

    public LeaseStore(TimeProvider clock, ILogger<LeaseStore> logger, LeaseStoreOptions options, RevocationBook book, ILeaseAccounts accounts, ILeaseJournal journal)
    {
        (_clock, _logger, _options, _book) = (clock, logger, options, book);
        _slots = new LeaseSlots(options.Capacity);
        _accountant = new LeaseAccountant(accounts, book, clock, logger);
        _table = new LeaseTable(book, _accountant, journal, clock);
        _drain = new LeaseDrain(clock);
        _run = new LeaseRun(_slots, _table, _accountant, _drain, book, options, clock, logger, _stopping.Token);
        _sweep = clock.CreateTimer(static state => ((LeaseStore)state!).Sweep(), this, options.SweepInterval, options.SweepInterval);
    }

    /// <summary>Keys that hold a lease or are obtaining one.</summary>
    public int Count => _slots.Count;

    /// <summary>Gives the key's lease, obtaining it where there is none.</summary>
    /// <param name="key">For whom.</param>
    /// <param name="definition">The credential that <paramref name="key"/> names.</param>
    /// <param name="maxLifetime">
    /// Upper bound that policy sets; null means none. Leases are shared only among calls with the same bound, so it must be
    /// a configured span, not the time that something has left.
    /// </param>
    /// <param name="taskExpiresAt">When the key's task ends at the latest, the same for all of its calls; null where it has no task.</param>
    /// <param name="cancellationToken">Ends the wait of this caller, not the issuance: others may be waiting for it.</param>
    /// <returns>A reference to exchange by <see cref="TryGet"/> at the moment of injection, or when to ask again.</returns>
    public ValueTask<LeaseResult> AcquireAsync(
        LeaseKey key, CredentialDefinition definition, TimeSpan? maxLifetime, DateTimeOffset? taskExpiresAt, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var slotKey = new LeaseSlotKey(key, definition, maxLifetime);
        if (!_slots.TryGet(slotKey, out var slot) || slot.Lease is not { } lease || !lease.IsLive(now))
        {
            return ObtainAsync(slotKey, taskExpiresAt, now, cancellationToken);
        }

        if (slot.IsRefreshDue(now))
        {
            _run.BeginRefresh(slot, now);
        }

        return new(LeaseResult.Success(lease.Reference));
    }

    /// <summary>Gives the lease that a reference names, at the moment of injection, and counts the use: false once it expired or was dropped.</summary>
    public bool TryGet(LeaseReference reference, [NotNullWhen(true)] out Lease? lease) => _table.TryUse(reference.Id, out lease);

    /// <summary>Takes up what processes before this one left to revoke. Before the first call.</summary>
    /// <exception cref="LedgerUnavailableException">It cannot be read.</exception>
    public async Task RestoreAsync(CancellationToken cancellationToken) => _drain.Begin(await _book.LoadAsync(cancellationToken));

    /// <summary>Ends every lease of a task, and what its issuances under way will bring: after the return none is given, none can be obtained.</summary>
    public void EndTask(string task) => EndTaskCore(task);

    /// <summary>Ends a task's leases as <see cref="EndTask"/> does, and gives their revocations some time.</summary>
    /// <param name="task">The task.</param>
    /// <param name="patience">How long to wait for the issuers. What is not done by then goes on.</param>
    /// <param name="cancellationToken">Ends the wait, not the revocations.</param>
    /// <exception cref="LedgerUnavailableException">The task's leases have ended, but their accounts cannot be read.</exception>
    public async Task<IReadOnlyList<LeaseAccount>> SettleTaskAsync(string task, TimeSpan patience, CancellationToken cancellationToken)
    {
        var issuances = EndTaskCore(task);
        using var limit = new CancellationTokenSource(patience, _clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // Those under way bring debts of their own.
            await Task.WhenAll(issuances).WaitAsync(linked.Token);
            await Task.WhenAll(_book.OfTask(task).Select(d => d.WaitUntilSettledAsync(linked.Token)));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _logger.SettlingTakesLonger(patience);
        }

        return await _accountant.OfTaskAsync(task, cancellationToken);
    }

    /// <summary>The accounts of a task's leases, those that live included, oldest first.</summary>
    /// <exception cref="LedgerUnavailableException">They cannot be read.</exception>
    public Task<IReadOnlyList<LeaseAccount>> AccountsAsync(string task, CancellationToken cancellationToken)
    {
        foreach (var lease in _slots.OfTask(task).SelectMany(s => s.Leases()))
        {
            _accountant.Note(lease, endedAt: null);
        }

        return _accountant.OfTaskAsync(task, cancellationToken);
    }

    /// <summary>Ends the leases that agents have now, those under way included. Calls that follow may obtain new ones.</summary>
    /// <returns>How many leases were ended.</returns>
    public int EndAgents(Func<string, bool> predicate) => Close(_slots.OfAgents(predicate), pursue: true, out _);

    /// <summary>Ends one lease, and what is being obtained to replace it; calls that follow may obtain a new one. Of one that is owed already, the revocation is tried at once.</summary>
    /// <param name="lease">Its id, as <see cref="List"/> has it.</param>
    /// <param name="by">The operator who demands it, for the log.</param>
    /// <returns>Null where there is no such lease.</returns>
    public DemandedRevocation? Revoke(string lease, string by)
    {
        if (!_table.TryGet(lease, out var found))
        {
            return _book.Demand(lease, by) is { } debt ? new DemandedRevocation(LeaseRevocation.Queued, debt.ExpiresAt) : null;
        }

        Close(_slots.OfAgent(found.Key.Agent).Where(s => s.Lease == found), pursue: true, out _, by);
        _table.End(found, pursue: true, by); // where another one has taken its place already
        return new DemandedRevocation(found.Debt is null ? LeaseRevocation.Unsupported : LeaseRevocation.Queued, found.DiesAt);
    }

    /// <summary>How many leases live; counts them one by one.</summary>
    public int LiveCount
    {
        get
        {
            var now = _clock.GetUtcNow();
            return _table.All.Count(lease => lease.IsLive(now));
        }
    }

    /// <summary>Leases that live, and those whose revocation is owed or stuck.</summary>
    public IReadOnlyList<LeaseListing> List(Func<LeaseKey, bool>? filter = null)
    {
        var now = _clock.GetUtcNow();
        return
        [
            .. _table.All.Where(l => l.IsLive(now) && (filter is null || filter(l.Key))).Select(LeaseListing.Of),
            .. _book.Owed().Where(d => filter is null || filter(d.Owed.Key)).Select(LeaseListing.Of),
        ];
    }

    /// <summary>Ends everything: nothing is issued from here on, and whatever can be revoked is owed.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        Close(_slots.All(), pursue: false, out var issuances);
        await Task.WhenAll(issuances);
        _book.OweAll();
        await _accountant.FlushAsync(CancellationToken.None);
    }

    public void Dispose()
    {
        _sweep.Dispose();
        _stopping.Cancel();
        Close(_slots.All(), pursue: true, out _);
    }

    private List<Task> EndTaskCore(string task)
    {
        // Calls of the task that are under way may still ask; later ones are refused by the task's own end.
        var slots = _slots.EndTask(task, _clock.GetUtcNow() + EndRemembered);

        // What ends all of the task's credentials at once goes before what ends each.
        Close(slots, pursue: false, out var issuances);
        _book.OweTask(task);
        return issuances;
    }

    private int Close(IEnumerable<LeaseSlot> slots, bool pursue, out List<Task> issuances, string? by = null)
    {
        var ended = 0;
        issuances = [];
        foreach (var slot in slots)
        {
            var leases = slot.Close(out var issuance);
            if (issuance is not null)
            {
                issuances.Add(issuance);
            }

            ended += leases.Count(l => _table.End(l, pursue, by));
            _slots.Remove(slot);
        }

        if (ended > 0)
        {
            _logger.LeasesDropped(ended);
            _ = _accountant.FlushAsync(CancellationToken.None);
        }

        return ended;
    }

    private async ValueTask<LeaseResult> ObtainAsync(LeaseSlotKey key, DateTimeOffset? taskExpiresAt, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (key.Key.Credential != key.Definition.Name)
        {
            throw new ArgumentException("The key names another credential than the definition.", nameof(key));
        }

        while (_slots.GetOrAdd(key, taskExpiresAt) is { } slot)
        {
            if (!_slots.TryEnroll(slot))
            {
                _ = slot.Close(out _);
                _slots.Remove(slot);
                return LeaseResult.Ended();
            }

            var issuance = _run.Join(slot, now, out var settled);
            if (slot.IsClosed)
            {
                _slots.Remove(slot);
            }

            if ((settled ?? await WaitAsync(issuance, cancellationToken)) is { } result)
            {
                return !result.Succeeded && _slots.HasEnded(key.Key.Task) ? LeaseResult.Ended() : result;
            }
        }

        if (Interlocked.Exchange(ref _fullLogged, 1) == 0)
        {
            _logger.StoreFull(_options.Capacity);
        }

        return LeaseResult.Unavailable(_options.SweepInterval, "The lease store is full.");
    }

    private static async ValueTask<LeaseResult?> WaitAsync(TaskCompletionSource<LeaseResult>? issuance, CancellationToken cancellationToken) =>
        issuance is null ? null : await issuance.Task.WaitAsync(cancellationToken);

    private void Sweep()
    {
        var now = _clock.GetUtcNow();
        var swept = _table.Sweep(now, _options.SupersededGrace);
        _slots.Sweep(now);
        _run.Sweep(now);
        Volatile.Write(ref _fullLogged, 0);
        _logger.LeasesSwept(swept);
        _ = _accountant.FlushAsync(CancellationToken.None);
    }
}
