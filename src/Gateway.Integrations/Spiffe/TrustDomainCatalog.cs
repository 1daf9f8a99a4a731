using Gateway.Core.Identity;
using Gateway.Core.Identity.Spiffe;
using Gateway.Integrations.Oidc;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Spiffe;

/// <summary>Turns configured trust domains into ones at run time, and keeps the bundles of those that a reload does not touch.</summary>
internal sealed class TrustDomainCatalog(TimeProvider time, ILoggerFactory loggers) : IDisposable
{
    private readonly Lock _applying = new();
    private readonly ILogger _logger = loggers.CreateLogger<TrustDomainCatalog>();
    private IReadOnlyList<Entry> _entries = [];
    private TrustDomainSet _current = TrustDomainSet.Empty;

    /// <summary>What readiness tells, one entry for each trust domain.</summary>
    public IReadOnlyList<IssuerStatus> Status => [.. Volatile.Read(ref _entries).Select(Describe)];

    /// <summary>Makes the set for these definitions; new trust domains start to read their bundles, dropped ones stop.</summary>
    /// <returns>The set. A trust domain whose definition is unchanged is the same instance as before.</returns>
    public TrustDomainSet Apply(IEnumerable<TrustDomainDefinition> definitions)
    {
        lock (_applying)
        {
            var former = _entries;
            var entries = definitions.Select(definition => MakeEntry(definition, former)).ToArray();
            var set = new TrustDomainSet(entries.Select(entry => entry.Domain));

            // Before the first read, since an endpoint may have to prove itself by another trust domain's bundle.
            Volatile.Write(ref _current, set);
            foreach (var entry in entries.Where(entry => !former.Any(old => ReferenceEquals(old.Keeper, entry.Keeper))))
            {
                entry.Keeper.Start();
            }

            Volatile.Write(ref _entries, entries);
            foreach (var entry in former.Where(old => !entries.Any(entry => ReferenceEquals(old.Keeper, entry.Keeper))))
            {
                entry.Keeper.Dispose();
            }

            return set;
        }
    }

    public void Dispose()
    {
        foreach (var entry in _entries)
        {
            entry.Keeper.Dispose();
        }
    }

    private Entry MakeEntry(TrustDomainDefinition definition, IReadOnlyList<Entry> former)
    {
        var old = former.FirstOrDefault(entry => entry.Keeper.Serves(definition));
        if (old is not null && old.Domain.Definition == definition)
        {
            return old;
        }

        var keeper = old?.Keeper ?? MakeKeeper(definition);
        return new Entry(new TrustDomain(definition, keeper), keeper);
    }

    private BundleKeeper MakeKeeper(TrustDomainDefinition definition)
    {
        var file = definition.BundleFile is { } path ? new FileBundleReader(path) : null;
        if (definition.Endpoint is not { } endpoint)
        {
            return new(definition, null, file ?? throw new ArgumentException("A trust domain needs a bundle file or a bundle endpoint.", nameof(definition)), time, _logger);
        }

        var client = new IssuerHttpClient(time, EndpointTls.Create(endpoint, () => Volatile.Read(ref _current), time));
        return new(definition, file, new EndpointBundleReader(client, endpoint.Url), time, _logger);
    }

    private IssuerStatus Describe(Entry entry)
    {
        var error = entry.Keeper.LastError;
        var bundle = entry.Domain.CurrentBundle(time.GetUtcNow());
        var state = bundle is null or { IsEmpty: true } ? IssuerState.Down
            : error is null ? IssuerState.Ok
            : IssuerState.Degraded;
        return new IssuerStatus(entry.Domain.Name, state, entry.Keeper.Current?.FetchedAt, bundle is { IsEmpty: true } ? "The bundle is empty." : error);
    }

    private sealed record Entry(TrustDomain Domain, BundleKeeper Keeper);
}
