using Gateway.Core.Identity;
using Gateway.Core.Identity.Keys;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Oidc;

/// <summary>Keeps one issuer's keys current in the background, and refreshes them early when a token names an unknown one.</summary>
/// <remarks>
/// At most one refresh runs at a time and all who wait share it. Tokens can cause one refresh in
/// <see cref="DemandInterval"/>, so that garbage cannot be turned into load on the issuer.
/// </remarks>
internal sealed class JwksKeySource : ISigningKeySource, IDisposable
{
    public static readonly TimeSpan DemandInterval = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(1);

    private readonly IssuerDefinition _definition;
    private readonly IKeySetReader _reader;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _starting = new();
    private readonly CancellationTokenSource _stopping = new();

    private volatile SigningKeySet? _current;
    private volatile string? _lastError;
    private Task? _refresh;
    private long? _lastDemand;
    private int _failures;

    public JwksKeySource(IssuerDefinition definition, IKeySetReader reader, TimeProvider time, ILogger logger)
    {
        _definition = definition;
        _reader = reader;
        _time = time;
        _logger = logger;
    }

    public SigningKeySet? Current => _current;

    /// <summary>Why the last refresh failed, in our words; null where it did not.</summary>
    public string? LastError => _lastError;

    /// <summary>Whether keys fetched for that definition are the ones kept here.</summary>
    public bool Serves(IssuerDefinition definition) => _definition.SharesKeysWith(definition);

    /// <summary>Starts to fetch, now and from then on; returns at once.</summary>
    public void Start()
    {
        // Up to its first wait this runs here: the first fetch is under way before anybody can ask, so that the first calls
        // find one to wait for.
        _ = RunAsync();
    }

    public ValueTask<SigningKeySet?> RefreshAsync(SigningKeySet? seen, CancellationToken cancellationToken)
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
                if (_lastDemand is { } last && _time.GetElapsedTime(last) < DemandInterval)
                {
                    return new(_current);
                }

                _lastDemand = _time.GetTimestamp();
            }

            refresh = RefreshNowAsync();
        }

        return WaitAsync(refresh, cancellationToken);
    }

    public void Dispose() => _stopping.Cancel();

    private async ValueTask<SigningKeySet?> WaitAsync(Task refresh, CancellationToken cancellationToken)
    {
        try
        {
            await refresh.WaitAsync(WaitLimit, _time, cancellationToken);
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
                await Task.Delay(NextDelay(), _time, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped: the issuer is no longer configured, or the gateway ends.
        }
    }

    /// <summary>The refresh interval, or the doubled wait after each failure; a little at random, so that replicas do not ask in step.</summary>
    private TimeSpan NextDelay()
    {
        var failures = Volatile.Read(ref _failures);
        if (failures == 0)
        {
            return _definition.RefreshInterval * (0.9 + (0.1 * Random.Shared.NextDouble()));
        }

        var retry = FirstRetry * Math.Pow(2, Math.Min(failures - 1, 10));
        return (retry < LastRetry ? retry : LastRetry) * (0.5 + (0.5 * Random.Shared.NextDouble()));
    }

    private async Task RefreshOnceAsync()
    {
        // Dated before the question: a key withdrawn while the answer travels must not count as fresher than it is.
        var askedAt = _time.GetUtcNow();
        SigningKeySet? fetched = null;
        string? error = null;
        try
        {
            fetched = new SigningKeySet(KeepKnown(await _reader.ReadAsync(_stopping.Token)), askedAt);
        }
        catch (KeyFetchException exception)
        {
            error = exception.Message;
        }
#pragma warning disable CA1031 // Whatever goes wrong here must leave the last good keys in use, and the loop alive.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            error = $"The refresh failed unexpectedly ({exception.GetType().Name}).";
        }

        var former = _current;
        var formerFailures = _failures;
        lock (_starting)
        {
            // In one step: whoever finds these keys wanting must start another refresh, and not wait for the end of this one.
            _current = fetched ?? former;
            _lastError = error;
            _failures = error is null ? 0 : formerFailures + 1;
            _refresh = null;
        }

        if (!_stopping.IsCancellationRequested)
        {
            Log(former, fetched, error, formerFailures);
        }
    }

    /// <summary>Keys that have not changed are kept as objects, and with them their imported crypto objects.</summary>
    private SigningKey[] KeepKnown(IReadOnlyList<SigningKey> fetched)
    {
        var known = _current?.Keys ?? [];
        return [.. fetched.Select(key => known.FirstOrDefault(key.IsSameAs) ?? key)];
    }

    private void Log(SigningKeySet? former, SigningKeySet? fetched, string? error, int formerFailures)
    {
        if (fetched is null)
        {
            OidcLog.RefreshFailed(_logger, _definition.Name, error ?? string.Empty);
            return;
        }

        if (formerFailures > 0)
        {
            OidcLog.RefreshRecovered(_logger, _definition.Name);
        }

        if (former is not null && former.Keys.SequenceEqual(fetched.Keys))
        {
            OidcLog.KeysUnchanged(_logger, _definition.Name);
        }
        else
        {
            OidcLog.KeysChanged(_logger, _definition.Name, fetched.Keys.Count);
        }
    }
}
