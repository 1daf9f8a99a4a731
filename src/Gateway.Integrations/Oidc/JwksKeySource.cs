using Gateway.Core.Identity;
using Gateway.Core.Identity.Keys;
using Gateway.Integrations.Refreshing;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Oidc;

/// <summary>Keeps one issuer's keys current in the background, and refreshes them early when a token names an unknown one.</summary>
internal sealed class JwksKeySource : ISigningKeySource, IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(1);

    private readonly IssuerDefinition _definition;
    private readonly IKeySetReader _reader;
    private readonly ILogger _logger;
    private readonly RefreshLoop<SigningKeySet> _loop;

    public JwksKeySource(IssuerDefinition definition, IKeySetReader reader, TimeProvider time, ILogger logger)
    {
        (_definition, _reader, _logger) = (definition, reader, logger);
        _loop = new RefreshLoop<SigningKeySet>(new RefreshPlan<SigningKeySet> { Read = ReadAsync, NextDelay = NextDelay, Report = Log }, time);
    }

    public SigningKeySet? Current => _loop.Current;

    /// <summary>Why the last refresh failed, in our words; null where it did not.</summary>
    public string? LastError => _loop.LastError;

    /// <summary>Whether keys fetched for that definition are the ones kept here.</summary>
    public bool Serves(IssuerDefinition definition) => _definition.SharesKeysWith(definition);

    /// <summary>Starts to fetch, now and from then on; returns at once.</summary>
    public void Start() => _loop.Start();

    public ValueTask<SigningKeySet?> RefreshAsync(SigningKeySet? seen, CancellationToken cancellationToken) => _loop.RefreshAsync(seen, cancellationToken);

    public void Dispose() => _loop.Dispose();

    /// <summary>Keys that have not changed are kept as objects, and with them their imported crypto objects.</summary>
    private async ValueTask<SigningKeySet> ReadAsync(SigningKeySet? current, DateTimeOffset askedAt, CancellationToken cancellationToken)
    {
        var fetched = await _reader.ReadAsync(cancellationToken);
        var known = current?.Keys ?? [];
        return new SigningKeySet([.. fetched.Select(key => known.FirstOrDefault(key.IsSameAs) ?? key)], askedAt);
    }

    /// <summary>The refresh interval, or the doubled wait after each failure; a little at random, so that replicas do not ask in step.</summary>
    private TimeSpan NextDelay(SigningKeySet? current, int failures)
    {
        if (failures == 0)
        {
            return _definition.RefreshInterval * (0.9 + (0.1 * Random.Shared.NextDouble()));
        }

        var retry = FirstRetry * Math.Pow(2, Math.Min(failures - 1, 10));
        return (retry < LastRetry ? retry : LastRetry) * (0.5 + (0.5 * Random.Shared.NextDouble()));
    }

    private void Log(Refresh<SigningKeySet> refresh)
    {
        if (refresh.Value is not { } fetched)
        {
            OidcLog.RefreshFailed(_logger, _definition.Name, refresh.Error ?? string.Empty);
            return;
        }

        if (refresh.FormerFailures > 0)
        {
            OidcLog.RefreshRecovered(_logger, _definition.Name);
        }

        if (refresh.Former is { } former && former.Keys.SequenceEqual(fetched.Keys))
        {
            OidcLog.KeysUnchanged(_logger, _definition.Name);
        }
        else
        {
            OidcLog.KeysChanged(_logger, _definition.Name, fetched.Keys.Count);
        }
    }
}
