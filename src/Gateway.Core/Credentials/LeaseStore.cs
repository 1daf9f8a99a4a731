using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Credentials;

/// <summary>Where issued credentials live: obtained once per key however many calls wait, replaced ahead of expiry, gone with it.</summary>
internal sealed class LeaseStore : IDisposable
{
    private readonly LeaseSlots _slots;
    private readonly ConcurrentDictionary<string, Lease> _leases = new(StringComparer.Ordinal);
    private readonly IssuerBackoffs _backoffs;
    private readonly CancellationTokenSource _stopping = new();
    private readonly LeaseStoreOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<LeaseStore> _logger;
    private readonly LeaseIssuer _issuer;
    private readonly ITimer _sweep;
    private int _fullLogged;

    public LeaseStore(TimeProvider clock, ILogger<LeaseStore> logger, LeaseStoreOptions options)
    {
        (_clock, _logger, _options) = (clock, logger, options);
        _slots = new LeaseSlots(options.Capacity);
        _backoffs = new IssuerBackoffs(options);
        _issuer = new LeaseIssuer(clock, static _ => NoLedger.Instance);
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
    /// <param name="cancellationToken">Ends the wait of this caller, not the issuance: others may be waiting for it.</param>
    /// <returns>A reference to exchange by <see cref="TryGet"/> at the moment of injection, or when to ask again.</returns>
    public ValueTask<LeaseResult> AcquireAsync(
        LeaseKey key, CredentialDefinition definition, TimeSpan? maxLifetime, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var slotKey = new LeaseSlotKey(key, definition, maxLifetime);
        if (!_slots.TryGet(slotKey, out var slot) || slot.Lease is not { } lease || !lease.IsLive(now))
        {
            return ObtainAsync(slotKey, now, cancellationToken);
        }

        if (slot.IsRefreshDue(now))
        {
            BeginRefresh(slot, now);
        }

        return new(LeaseResult.Success(lease.Reference));
    }

    /// <summary>Gives the lease that a reference names, at the moment of injection: false once it expired or was dropped.</summary>
    public bool TryGet(LeaseReference reference, [NotNullWhen(true)] out Lease? lease)
    {
        if (_leases.TryGetValue(reference.Id, out lease) && lease.IsLive(_clock.GetUtcNow()))
        {
            return true;
        }

        lease = null;
        return false;
    }

    /// <summary>Ends every lease whose key matches, those under way included; none of them is given by <see cref="TryGet"/> after the return.</summary>
    /// <remarks>Whoever calls makes sure first that no new call asks for such a key: a lease asked for meanwhile may live on.</remarks>
    /// <returns>How many leases were ended.</returns>
    public int Drop(Func<LeaseKey, bool> predicate)
    {
        _slots.Close(predicate);
        var dropped = 0;
        foreach (var (id, lease) in _leases)
        {
            if (predicate(lease.Key))
            {
                lease.Drop();
                dropped += _leases.TryRemove(id, out _) ? 1 : 0;
            }
        }

        if (dropped > 0)
        {
            _logger.LeasesDropped(dropped);
        }

        return dropped;
    }

    public void Dispose()
    {
        _sweep.Dispose();
        _stopping.Cancel();
        Drop(static _ => true);
    }

    private async ValueTask<LeaseResult> ObtainAsync(LeaseSlotKey key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (key.Key.Credential != key.Definition.Name)
        {
            throw new ArgumentException("The key names another credential than the definition.", nameof(key));
        }

        while (_slots.GetOrAdd(key) is { } slot)
        {
            var backoff = _backoffs.Of(key);
            var issuance = slot.Join(now, backoff, out var settled, out var begun);
            if (begun && issuance is not null)
            {
                Start(slot, backoff, issuance, now);
            }

            if (slot.IsClosed)
            {
                _slots.Remove(slot);
            }

            if ((settled ?? await WaitAsync(issuance, cancellationToken)) is { } result)
            {
                return result;
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

    private void BeginRefresh(LeaseSlot slot, DateTimeOffset now)
    {
        var backoff = _backoffs.Of(slot.Key);
        if (slot.BeginRefresh(now, backoff) is { } begun)
        {
            Start(slot, backoff, begun, now);
        }
    }

    /// <summary>Runs an issuance on its own: it outlives the call that began it, so it must not keep that call's context alive.</summary>
    private void Start(LeaseSlot slot, IssuerBackoff backoff, TaskCompletionSource<LeaseResult> issuance, DateTimeOffset now) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            static work => _ = work.Store.RunAsync(work.Slot, work.Backoff, work.Issuance, work.Now),
            (Store: this, Slot: slot, Backoff: backoff, Issuance: issuance, Now: now),
            preferLocal: false);

    private async Task RunAsync(LeaseSlot slot, IssuerBackoff backoff, TaskCompletionSource<LeaseResult> issuance, DateTimeOffset startedAt)
    {
        LeaseResult result;
        using var timeout = new CancellationTokenSource(_options.IssueTimeout, _clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
        try
        {
            var (lease, refreshAt) = await _issuer.IssueAsync(slot.Key, linked.Token);
            result = Publish(slot, backoff, lease, refreshAt);
        }
        catch (Exception fault) // whatever a provider does wrong, the credential is unavailable and the gateway goes on
        {
            result = Fail(slot, backoff, startedAt, Describe(fault, slot.Key.Definition.Name));
        }

        issuance.SetResult(result);
    }

    private LeaseResult Publish(LeaseSlot slot, IssuerBackoff backoff, Lease lease, DateTimeOffset refreshAt)
    {
        if (backoff.Succeeded())
        {
            _logger.IssuerRecovered(lease.Reference.Credential);
        }

        if (!slot.TryPublish(lease, refreshAt, registered => _leases[registered.Reference.Id] = registered))
        {
            _logger.LeaseArrivedDropped(lease.Reference.Credential, lease.Key.Agent);
            return LeaseResult.Unavailable(_options.MinimumBackoff, "The lease was dropped while it was being obtained.");
        }

        _logger.LeaseIssued(lease.Reference.Id, lease.Reference.Credential, lease.Key.Agent, lease.Key.Tool, lease.Reference.ExpiresAt);
        return LeaseResult.Success(lease.Reference);
    }

    private LeaseResult Fail(LeaseSlot slot, IssuerBackoff backoff, DateTimeOffset startedAt, string message)
    {
        var now = _clock.GetUtcNow();
        var result = backoff.Failed(startedAt, now, message);
        var credential = slot.Key.Definition.Name;
        if (slot.Fail(now, result.RetryAfter))
        {
            _slots.Remove(slot);
            _logger.IssueFailed(credential, result.RetryAfter, message);
        }
        else if (slot.Lease is { } lease)
        {
            _logger.RefreshFailed(credential, lease.Reference.ExpiresAt, result.RetryAfter, message);
        }

        return result;
    }

    /// <summary>What may be said of a fault: the text of exceptions written for operators, and no other's.</summary>
    private string Describe(Exception fault, string credential) => fault switch
    {
        CredentialIssueException or SecretUnavailableException => fault.Message,
        OperationCanceledException when _stopping.IsCancellationRequested => $"credential '{credential}': the gateway is stopping.",
        OperationCanceledException => $"credential '{credential}': not issued within {_options.IssueTimeout.TotalSeconds:0.#} s.",
        _ => $"credential '{credential}': fault in the provider ({fault.GetType().Name}).",
    };

    private void Sweep()
    {
        var now = _clock.GetUtcNow();
        var swept = 0;
        foreach (var (id, lease) in _leases)
        {
            swept += !lease.IsLive(now) && _leases.TryRemove(id, out _) ? 1 : 0;
        }

        _slots.Sweep(now);
        _backoffs.Sweep(now);
        Volatile.Write(ref _fullLogged, 0);
        _logger.LeasesSwept(swept);
    }
}
