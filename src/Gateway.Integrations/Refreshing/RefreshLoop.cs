using Gateway.Integrations.Oidc;

namespace Gateway.Integrations.Refreshing;

/// <summary>Keeps what verifies identities current in the background, and refreshes it early when it was found wanting.</summary>
/// <remarks>
/// At most one refresh runs at a time and all who wait share it. Callers can cause one in <see cref="DemandInterval"/>, so that
/// garbage cannot be turned into load on whoever is asked.
/// </remarks>
internal sealed class RefreshLoop<T>(RefreshPlan<T> plan, TimeProvider time) : IDisposable
    where T : class
{
    private static readonly TimeSpan DemandInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(5);

    private readonly Lock _starting = new();
    private readonly CancellationTokenSource _stopping = new();

    private volatile T? _current;
    private volatile string? _lastError;
    private Task? _refresh;
    private long? _lastDemand;
    private int _failures;

    public T? Current => _current;

    /// <summary>Why the last refresh failed, in our words; null where it did not.</summary>
    public string? LastError => _lastError;

    /// <summary>Starts to read, now and from then on; returns at once.</summary>
    public void Start()
    {
        // Up to its first wait this runs here: the first read is under way before anybody can ask, so that the first calls
        // find one to wait for.
        _ = RunAsync();
    }

    /// <summary>Waits for something newer than what the caller has seen, where it may be asked for.</summary>
    /// <returns>What is in force then.</returns>
    public ValueTask<T?> RefreshAsync(T? seen, CancellationToken cancellationToken)
    {
        Task refresh;
        lock (_starting)
        {
            if (!ReferenceEquals(_current, seen))
            {
                return new(_current);
            }

            if (_refresh is null)
            {
                if (_lastDemand is { } last && time.GetElapsedTime(last) < DemandInterval)
                {
                    return new(_current);
                }

                _lastDemand = time.GetTimestamp();
            }

            refresh = RefreshNowAsync();
        }

        return WaitAsync(refresh, cancellationToken);
    }

    public void Dispose() => _stopping.Cancel();

    private async ValueTask<T?> WaitAsync(Task refresh, CancellationToken cancellationToken)
    {
        try
        {
            await refresh.WaitAsync(WaitLimit, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The refresh goes on; this call has waited long enough and takes what there is.
        }

        return _current;
    }

    /// <summary>The refresh under way, or else a new one.</summary>
    private Task RefreshNowAsync()
    {
        lock (_starting)
        {
            return _refresh ??= Task.Run(RefreshOnceAsync);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await RefreshNowAsync();
                await Task.Delay(plan.NextDelay(_current, Volatile.Read(ref _failures)), time, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped: it is no longer configured, or the gateway ends.
        }
    }

    private async Task RefreshOnceAsync()
    {
        if (_current is null && plan.Bootstrap is { } bootstrap)
        {
            // Published before the rest is read, which may have to prove itself by this very value.
            Publish(await ReadAsync(bootstrap), ends: false);
        }

        Publish(await ReadAsync(plan.Read), ends: true);
    }

    private async Task<(T? Value, string? Error)> ReadAsync(Func<T?, DateTimeOffset, CancellationToken, ValueTask<T>> read)
    {
        try
        {
            // Dated before the question: a key withdrawn while the answer travels must not count as fresher than it is.
            return (await read(_current, time.GetUtcNow(), _stopping.Token), null);
        }
        catch (KeyFetchException exception)
        {
            return (null, exception.Message);
        }
#pragma warning disable CA1031 // Whatever goes wrong here must leave the last good value in use, and the loop alive.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return (null, $"The refresh failed unexpectedly ({exception.GetType().Name}).");
        }
    }

    private void Publish((T? Value, string? Error) read, bool ends)
    {
        var former = _current;
        var formerFailures = _failures;
        lock (_starting)
        {
            // In one step: whoever finds this value wanting must start another refresh, and not wait for the end of this one.
            _current = read.Value ?? former;
            _lastError = read.Error;
            _failures = read.Error is null ? 0 : formerFailures + (ends ? 1 : 0);
            _refresh = ends ? null : _refresh;
        }

        if (!_stopping.IsCancellationRequested)
        {
            plan.Report(new Refresh<T>(former, read.Value, read.Error, formerFailures));
        }
    }
}
