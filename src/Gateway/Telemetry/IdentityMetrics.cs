using System.Diagnostics.Metrics;

namespace Gateway.Telemetry;

/// <summary>How often a token had been verified before.</summary>
internal sealed class IdentityMetrics
{
    private static readonly KeyValuePair<string, object?> Hit = new("gateway.cache.result", "hit");
    private static readonly KeyValuePair<string, object?> Miss = new("gateway.cache.result", "miss");

    private readonly Counter<long> _lookups;

    public IdentityMetrics(IMeterFactory meters)
    {
        _lookups = meters.Create(Tracing.Name).CreateCounter<long>("gateway.identity.cache.lookups", "{lookup}", "Looks into the cache of verified tokens; a forged token is always a miss.");
    }

    public void LookedUp(bool found) => _lookups.Add(1, found ? Hit : Miss);
}
