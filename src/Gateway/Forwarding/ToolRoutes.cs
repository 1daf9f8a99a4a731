using System.Net;
using Gateway.Configuration;
using Gateway.Hosting;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Forwarding;

/// <summary>Makes a YARP route and cluster of each tool.</summary>
internal static class ToolRoutes
{
    public static ToolProxyConfig Create(IReadOnlyDictionary<string, ToolOptions> tools)
    {
        var routes = new List<RouteConfig>();
        var clusters = new List<ClusterConfig>();
        foreach (var (name, options) in tools)
        {
            var id = IdOf(name, options);
            routes.Add(new RouteConfig { RouteId = id, ClusterId = id, Match = new RouteMatch { Path = $"{options.Path}/{{**rest}}" } });
            clusters.Add(new ClusterConfig
            {
                ClusterId = id,
                Destinations = Destinations(options),
                LoadBalancingPolicy = options.LoadBalancing.ToString(),
                HealthCheck = HealthCheck(options.HealthCheck),
                HttpClient = new HttpClientConfig
                {
                    EnableMultipleHttp2Connections = true,

                    // As Kestrel has read them; without it one agent's odd header looks like a fault of the destination.
                    RequestHeaderEncoding = "utf-8",
                },
                HttpRequest = new ForwarderRequestConfig { ActivityTimeout = options.Timeout },
                Metadata = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    [ToolHttpClientFactory.AllowAddresses] = string.Join(' ', options.AllowAddresses.Select(Network)),
                },
            });
        }

        return new ToolProxyConfig(routes, clusters);
    }

    /// <summary>The id of a tool's route, another one whenever anything about its destinations changes.</summary>
    /// <remarks>
    /// YARP changes a cluster's destinations in place. Under a stable id, a call that was decided by the old configuration
    /// could take the old credential to the new destination.
    /// </remarks>
    public static string IdOf(string name, ToolOptions options) =>
        $"{name}@{Fingerprint.Of(options.Path, options.Upstream, options.Destinations, options.LoadBalancing, options.HealthCheck, options.Timeout, options.AllowAddresses)[..16]}";

    private static Dictionary<string, DestinationConfig> Destinations(ToolOptions options) =>
        options.AllDestinations.ToDictionary(d => d.Key, d => new DestinationConfig { Address = d.Value.Address, Health = d.Value.Health }, StringComparer.Ordinal);

    private static HealthCheckConfig? HealthCheck(HealthCheckOptions? options) => options is null
        ? null
        : new HealthCheckConfig
        {
            AvailableDestinationsPolicy = options.AvailableDestinationsPolicy.ToString(),
            Active = options.Active is { } active
                ? new ActiveHealthCheckConfig { Enabled = active.Enabled, Interval = active.Interval, Timeout = active.Timeout, Policy = active.Policy.ToString(), Path = active.Path }
                : null,
            Passive = options.Passive is { } passive
                ? new PassiveHealthCheckConfig { Enabled = passive.Enabled, Policy = passive.Policy.ToString(), ReactivationPeriod = passive.ReactivationPeriod }
                : null,
        };

    private static string Network(string addressOrNetwork) => IPAddress.TryParse(addressOrNetwork, out var address)
        ? $"{address}/{address.GetAddressBytes().Length * 8}"
        : addressOrNetwork;
}
