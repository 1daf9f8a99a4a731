using Gateway.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Gateway.Admin;

/// <summary>The tools whose destinations are checked. One without any affects its own calls, so this only degrades.</summary>
internal sealed class ToolHealth(SnapshotSource snapshots, IProxyStateLookup proxy) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var states = new Dictionary<string, object>(StringComparer.Ordinal);
        var isWell = true;
        foreach (var (name, options) in snapshots.Current.Plan.Options.Tools.Where(tool => tool.Value.HealthCheck is not null))
        {
            if (proxy.TryGetCluster(Forwarding.ToolRoutes.IdOf(name, options), out var cluster))
            {
                isWell &= cluster.DestinationsState.AvailableDestinations.Count > 0;
                states[name] = Describe(cluster.DestinationsState);
            }
        }

        return Task.FromResult(isWell ? HealthCheckResult.Healthy(data: states) : HealthCheckResult.Degraded("A tool has no healthy destination.", data: states));
    }

    private static string Describe(ClusterDestinationsState state) => $"{state.AvailableDestinations.Count} of {state.AllDestinations.Count} destinations";
}
