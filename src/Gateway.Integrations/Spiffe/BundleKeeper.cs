using Gateway.Core.Identity.Spiffe;
using Gateway.Integrations.Oidc;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Spiffe;

/// <summary>Keeps one trust domain's bundle current in the background, and refreshes it early when an identity does not verify.</summary>
/// <remarks>
/// At most one refresh runs at a time and all who wait share it. Callers can cause one in <see cref="DemandInterval"/>, so that
/// garbage cannot be turned into load on the trust domain.
/// </remarks>
/// <param name="definition">Whose bundle it is.</param>
/// <param name="bootstrap">Asked until it or <paramref name="reader"/> has answered; null where there is nothing but the reader.</param>
/// <param name="reader">Asked from then on.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For what operators must know.</param>
internal sealed class BundleKeeper(TrustDomainDefinition definition, IBundleReader? bootstrap, IBundleReader reader, TimeProvider time, ILogger logger)
    : IBundleSource, IDisposable
{
    public static readonly TimeSpan DemandInterval = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(5);

    private readonly Lock _starting = new();
    private readonly CancellationTokenSource _stopping = new();

    private volatile FetchedBundle? _current;
    private volatile string? _lastError;
    private byte[] _document = [];
    private Task? _refresh;
    private long? _lastDemand;
    private int _failures;

    public FetchedBundle? Current => _current;

    /// <summary>Why the last refresh failed, in our words; null where it did not.</summary>
    public string? LastError => _lastError;

    /// <summary>Whether the bundle of that definition is the one kept here.</summary>
    public bool Serves(TrustDomainDefinition other) => definition.SharesBundleWith(other);

    /// <summary>Starts to read, now and from then on; returns at once.</summary>
    public void Start() => _ = RunAsync();

    public ValueTask<FetchedBundle?> RefreshAsync(FetchedBundle? seen, CancellationToken cancellationToken)
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

    public void Dispose()
    {
        _stopping.Cancel();
        (reader as IDisposable)?.Dispose();
    }

    private async ValueTask<FetchedBundle?> WaitAsync(Task refresh, CancellationToken cancellationToken)
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
                await Task.Delay(BundleSchedule.NextDelay(definition, _current?.Bundle, Volatile.Read(ref _failures)), time, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped: the trust domain is no longer configured, or the gateway ends.
        }
    }

    private async Task RefreshOnceAsync()
    {
        if (_current is null && bootstrap is not null)
        {
            // Published before the endpoint is asked, which may have to prove itself by this very bundle.
            Publish(await ReadAsync(bootstrap), ends: false);
        }

        Publish(await ReadAsync(reader), ends: true);
    }

    private async Task<(FetchedBundle? Bundle, string? Error)> ReadAsync(IBundleReader from)
    {
        // Dated before the question: a key withdrawn while the answer travels must not count as fresher than it is.
        var askedAt = time.GetUtcNow();
        try
        {
            var document = await from.ReadAsync(_stopping.Token);
            if (_current is { } known && document.AsSpan().SequenceEqual(_document))
            {
                return (new FetchedBundle(known.Bundle, askedAt), null);
            }

            if (!SpiffeBundleReader.TryRead(document, out var bundle))
            {
                return (null, "The bundle is not a JWK set with well-formed SPIFFE parameters.");
            }

            _document = document;
            return (new FetchedBundle(bundle, askedAt), null);
        }
        catch (KeyFetchException exception)
        {
            return (null, exception.Message);
        }
#pragma warning disable CA1031 // Whatever goes wrong here must leave the last good bundle in use, and the loop alive.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return (null, $"The refresh failed unexpectedly ({exception.GetType().Name}).");
        }
    }

    private void Publish((FetchedBundle? Bundle, string? Error) read, bool ends)
    {
        var former = _current;
        var formerFailures = _failures;
        lock (_starting)
        {
            // In one step: whoever finds this bundle wanting must start another refresh, and not wait for the end of this one.
            _current = read.Bundle ?? former;
            _lastError = read.Error;
            _failures = read.Error is null ? 0 : formerFailures + (ends ? 1 : 0);
            _refresh = ends ? null : _refresh;
        }

        if (!_stopping.IsCancellationRequested)
        {
            Log(former?.Bundle, read.Bundle?.Bundle, read.Error, formerFailures);
        }
    }

    private void Log(SpiffeBundle? former, SpiffeBundle? bundle, string? error, int formerFailures)
    {
        if (bundle is null)
        {
            // A file is looked at every second; one word about its fault will do.
            if (formerFailures == 0)
            {
                SpiffeLog.RefreshFailed(logger, definition.Name, error ?? string.Empty);
            }

            return;
        }

        if (formerFailures > 0)
        {
            SpiffeLog.RefreshRecovered(logger, definition.Name);
        }

        if (!ReferenceEquals(former, bundle))
        {
            SpiffeLog.BundleChanged(logger, definition.Name, bundle.Authorities.Count, bundle.SigningKeys.Count);
            if (bundle.IsEmpty)
            {
                SpiffeLog.BundleEmpty(logger, definition.Name);
            }
        }
    }
}
