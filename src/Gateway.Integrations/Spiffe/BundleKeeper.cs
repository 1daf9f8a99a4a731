using Gateway.Core.Identity.Spiffe;
using Gateway.Integrations.Oidc;
using Gateway.Integrations.Refreshing;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Spiffe;

/// <summary>Keeps one trust domain's bundle current in the background, and refreshes it early when an identity does not verify.</summary>
internal sealed class BundleKeeper : IBundleSource, IDisposable
{
    private readonly TrustDomainDefinition _definition;
    private readonly IBundleReader _reader;
    private readonly ILogger _logger;
    private readonly RefreshLoop<FetchedBundle> _loop;
    private byte[] _document = [];

    /// <param name="definition">Whose bundle it is.</param>
    /// <param name="bootstrap">Asked until it or <paramref name="reader"/> has answered; null where there is nothing but the reader.</param>
    /// <param name="reader">Asked from then on.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For what operators must know.</param>
    public BundleKeeper(TrustDomainDefinition definition, IBundleReader? bootstrap, IBundleReader reader, TimeProvider time, ILogger logger)
    {
        (_definition, _reader, _logger) = (definition, reader, logger);
        var plan = new RefreshPlan<FetchedBundle>
        {
            Bootstrap = bootstrap is null ? null : (current, askedAt, cancellation) => ReadAsync(bootstrap, current, askedAt, cancellation),
            Read = (current, askedAt, cancellation) => ReadAsync(reader, current, askedAt, cancellation),
            NextDelay = (current, failures) => BundleSchedule.NextDelay(definition, current?.Bundle, failures),
            Report = Log,
        };
        _loop = new RefreshLoop<FetchedBundle>(plan, time);
    }

    public FetchedBundle? Current => _loop.Current;

    /// <summary>Why the last refresh failed, in our words; null where it did not.</summary>
    public string? LastError => _loop.LastError;

    /// <summary>Whether the bundle of that definition is the one kept here.</summary>
    public bool Serves(TrustDomainDefinition other) => _definition.SharesBundleWith(other);

    /// <summary>Starts to read, now and from then on; returns at once.</summary>
    public void Start() => _loop.Start();

    public ValueTask<FetchedBundle?> RefreshAsync(FetchedBundle? seen, CancellationToken cancellationToken) => _loop.RefreshAsync(seen, cancellationToken);

    public void Dispose()
    {
        _loop.Dispose();
        (_reader as IDisposable)?.Dispose();
    }

    private async ValueTask<FetchedBundle> ReadAsync(IBundleReader from, FetchedBundle? current, DateTimeOffset askedAt, CancellationToken cancellationToken)
    {
        var document = await from.ReadAsync(cancellationToken);
        if (current is not null && document.AsSpan().SequenceEqual(_document))
        {
            return new FetchedBundle(current.Bundle, askedAt);
        }

        if (!SpiffeBundleReader.TryRead(document, out var bundle))
        {
            throw new KeyFetchException("The bundle is not a JWK set with well-formed SPIFFE parameters.");
        }

        _document = document;
        return new FetchedBundle(bundle, askedAt);
    }

    private void Log(Refresh<FetchedBundle> refresh)
    {
        if (refresh.Value?.Bundle is not { } bundle)
        {
            // A file is looked at every second; one word about its fault will do.
            if (refresh.FormerFailures == 0)
            {
                SpiffeLog.RefreshFailed(_logger, _definition.Name, refresh.Error ?? string.Empty);
            }

            return;
        }

        if (refresh.FormerFailures > 0)
        {
            SpiffeLog.RefreshRecovered(_logger, _definition.Name);
        }

        if (!ReferenceEquals(refresh.Former?.Bundle, bundle))
        {
            SpiffeLog.BundleChanged(_logger, _definition.Name, bundle.Authorities.Count, bundle.SigningKeys.Count);
            if (bundle.IsEmpty)
            {
                SpiffeLog.BundleEmpty(_logger, _definition.Name);
            }
        }
    }
}
