using Gateway.Core.Credentials;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Jwt;
using Gateway.Integrations.Kubernetes;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Oidc;

/// <summary>Turns configured issuers into trusted ones, and keeps the keys of those that a reload does not touch.</summary>
internal sealed class IssuerCatalog(TimeProvider time, ILoggerFactory loggers, ISecretSource secrets) : IDisposable
{
    private readonly Lock _applying = new();
    private readonly IssuerHttpClient _client = new(time);
    private readonly ILogger _logger = loggers.CreateLogger<IssuerCatalog>();
    private IReadOnlyList<Entry> _entries = [];

    /// <summary>What readiness tells, one entry for each issuer.</summary>
    public IReadOnlyList<IssuerStatus> Status => [.. Volatile.Read(ref _entries).Select(Describe)];

    /// <summary>Makes the set for these definitions; new issuers start to fetch their keys, dropped ones stop.</summary>
    /// <returns>The set to hand to <see cref="JwtAuthenticator.Replace"/>. An issuer whose definition is unchanged is the same instance as before.</returns>
    /// <exception cref="ArgumentException">A definition must never run. The former issuers go on.</exception>
    public IssuerSet Apply(IEnumerable<IssuerDefinition> definitions)
    {
        lock (_applying)
        {
            var former = _entries;
            var entries = definitions.Select(definition => MakeEntry(definition, former)).ToArray();
            var set = new IssuerSet(entries.Select(entry => entry.Issuer));

            foreach (var entry in entries.Where(entry => !former.Any(old => ReferenceEquals(old.Keys, entry.Keys))))
            {
                entry.Keys.Start();
            }

            Volatile.Write(ref _entries, entries);
            foreach (var entry in former.Where(old => !entries.Any(entry => ReferenceEquals(old.Keys, entry.Keys))))
            {
                entry.Dispose();
            }

            return set;
        }
    }

    public void Dispose()
    {
        foreach (var entry in _entries)
        {
            entry.Dispose();
        }

        _client.Dispose();
    }

    private Entry MakeEntry(IssuerDefinition definition, IReadOnlyList<Entry> former)
    {
        var old = former.FirstOrDefault(entry => entry.Keys.Serves(definition));
        if (old is not null && old.Issuer.Definition == definition)
        {
            return old;
        }

        // The same keys come from the same cluster.
        var cluster = old is not null ? old.Cluster : definition.Cluster is { } server ? new ClusterClient(server, secrets, time) : null;
        var keys = old?.Keys ?? new JwksKeySource(definition, MakeReader(definition, cluster), time, _logger);
        return new Entry(new TrustedIssuer(definition, keys, MakeReviewer(definition, cluster)), keys, cluster);
    }

    private IKeySetReader MakeReader(IssuerDefinition definition, ClusterClient? cluster)
    {
        IKeyDocuments documents = cluster is null ? _client : new ClusterKeyDocuments(cluster, _client);
        return definition switch
        {
            { JwksFile: { } path } => new FileKeySetReader(path),
            { JwksUri: { } address } => new UriKeySetReader(documents, address),
            _ => new DiscoveryKeySetReader(documents, definition.Issuer),
        };
    }

    private TokenReviewer? MakeReviewer(IssuerDefinition definition, ClusterClient? cluster) =>
        definition.TokenReview is { } rules && cluster is not null
            ? new TokenReviewer(definition.Name, cluster, definition.Audiences, rules, time, _logger)
            : null;

    private IssuerStatus Describe(Entry entry)
    {
        var keys = entry.Keys.Current;
        var error = entry.Keys.LastError;
        var state = !entry.Issuer.Trusts(keys, time.GetUtcNow()) ? IssuerState.Down
            : error is null ? IssuerState.Ok
            : IssuerState.Degraded;
        return new IssuerStatus(entry.Issuer.Name, state, keys?.FetchedAt, error);
    }

    private sealed record Entry(TrustedIssuer Issuer, JwksKeySource Keys, ClusterClient? Cluster) : IDisposable
    {
        public void Dispose()
        {
            Keys.Dispose();
            Cluster?.Dispose();
        }
    }
}
