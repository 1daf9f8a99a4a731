namespace Gateway.Core.Credentials;

/// <summary>The place of one key: its lease, and the issuance under way if there is one.</summary>
/// <remarks>Reading the lease takes no lock; every change of state does, and the lock is this key's alone.</remarks>
internal sealed class LeaseSlot(LeaseSlotKey key)
{
    private readonly Lock _gate = new();
    private readonly List<Lease> _superseded = [];
    private volatile Lease? _lease;
    private TaskCompletionSource<LeaseResult>? _issuance;
    private long _refreshAt = long.MaxValue;
    private volatile bool _closed;

    public LeaseSlotKey Key { get; } = key;

    /// <summary>When the key's task ends at the latest; a task's end never moves, so whoever asks first sets it.</summary>
    public DateTimeOffset? TaskExpiresAt { get; init; }

    public Lease? Lease => _lease;

    /// <summary>Whether it is of no more use; for good.</summary>
    public bool IsClosed => _closed;

    /// <summary>Whether a call should start a refresh; false while one is under way.</summary>
    public bool IsRefreshDue(DateTimeOffset now) => now.UtcTicks >= Volatile.Read(ref _refreshAt);

    /// <summary>Gives the live lease, joins the issuance under way, or begins one.</summary>
    /// <param name="now">The time.</param>
    /// <param name="backoff">Asked only where an issuance would begin.</param>
    /// <param name="settled">The answer, where there is nothing to wait for; null as well where the slot is closed and the caller must take a new one.</param>
    /// <param name="begun">Whether the issuance returned is new and the caller has to start it.</param>
    /// <returns>The issuance to wait for; null where there is none.</returns>
    public TaskCompletionSource<LeaseResult>? Join(
        DateTimeOffset now, IssuerBackoff backoff, out LeaseResult? settled, out bool begun)
    {
        lock (_gate)
        {
            (settled, begun) = (null, false);
            if (_closed)
            {
                return null;
            }

            if (_lease is { } lease && lease.IsLive(now))
            {
                settled = LeaseResult.Success(lease.Reference);
                return null;
            }

            if (_issuance is not null)
            {
                return _issuance;
            }

            if (!backoff.TryEnter(now, out var refusal))
            {
                // Nothing is here to keep, and callers that are refused must not fill the store.
                _closed = true;
                settled = refusal;
                return null;
            }

            begun = true;
            return Begin();
        }
    }

    /// <summary>Begins a refresh if one is due and the issuer may be asked.</summary>
    public TaskCompletionSource<LeaseResult>? BeginRefresh(DateTimeOffset now, IssuerBackoff backoff)
    {
        lock (_gate)
        {
            if (_closed || _issuance is not null || !IsRefreshDue(now))
            {
                return null;
            }

            if (!backoff.TryEnter(now, out var refusal))
            {
                Volatile.Write(ref _refreshAt, (now + refusal.RetryAfter).UtcTicks);
                return null;
            }

            return Begin();
        }
    }

    /// <summary>Ends the issuance with a lease.</summary>
    /// <returns>False where the slot was closed meanwhile: the lease must not be used.</returns>
    public bool TryPublish(Lease lease, DateTimeOffset now, DateTimeOffset refreshAt, Action<Lease> register)
    {
        lock (_gate)
        {
            _issuance = null;
            if (_closed)
            {
                return false;
            }

            register(lease);
            _superseded.RemoveAll(l => !l.IsLive(now));
            if (_lease is { } former && former.IsLive(now))
            {
                former.Supersede(now);
                _superseded.Add(former);
            }

            _lease = lease;
            Volatile.Write(ref _refreshAt, refreshAt.UtcTicks);
            return true;
        }
    }

    /// <summary>Ends the refresh: the lease was prolonged.</summary>
    /// <returns>False where the slot was closed meanwhile.</returns>
    public bool TryProlong(DateTimeOffset refreshAt)
    {
        lock (_gate)
        {
            _issuance = null;
            Volatile.Write(ref _refreshAt, refreshAt.UtcTicks);
            return !_closed;
        }
    }

    /// <summary>Ends the issuance without a lease; one that still lives is kept.</summary>
    /// <returns>Whether the slot is of no more use and was closed.</returns>
    public bool Fail(DateTimeOffset now, TimeSpan retryAfter)
    {
        lock (_gate)
        {
            _issuance = null;
            Volatile.Write(ref _refreshAt, (now + retryAfter).UtcTicks);
            return CloseIfUnused(now);
        }
    }

    /// <returns>Whether nothing lives here any more and the slot was closed.</returns>
    public bool TryExpire(DateTimeOffset now)
    {
        lock (_gate)
        {
            return CloseIfUnused(now);
        }
    }

    /// <summary>What lives here, the current one first.</summary>
    public IReadOnlyList<Lease> Leases()
    {
        lock (_gate)
        {
            return _lease is { } lease ? [lease, .. _superseded] : [.. _superseded];
        }
    }

    /// <summary>Closes the slot for good, whatever is in it or under way.</summary>
    /// <param name="issuance">The issuance under way, whose lease will not be published; null where there is none.</param>
    /// <returns>What lived in it, for the caller to end.</returns>
    public IReadOnlyList<Lease> Close(out Task? issuance)
    {
        lock (_gate)
        {
            _closed = true;
            IReadOnlyList<Lease> leases = _lease is { } lease ? [lease, .. _superseded] : [.. _superseded];
            _lease = null;
            _superseded.Clear();
            issuance = _issuance?.Task;
            return leases;
        }
    }

    private TaskCompletionSource<LeaseResult> Begin()
    {
        Volatile.Write(ref _refreshAt, long.MaxValue);
        return _issuance = new TaskCompletionSource<LeaseResult>(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private bool CloseIfUnused(DateTimeOffset now) =>
        _closed = _closed || (_issuance is null && (_lease is null || !_lease.IsLive(now)) && _superseded.TrueForAll(l => !l.IsLive(now)));
}
