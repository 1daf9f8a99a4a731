using System.Globalization;
using System.Net;
using Yarp.ReverseProxy.Configuration;

namespace Gateway.Benchmarks.Proxy;

/// <summary>The least that YARP can do and still inject a header: what is left of the gateway's cost after it is ours.</summary>
internal static class YarpVerb
{
    public static async Task<int> RunAsync(string port, string upstream, string authorization)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture)));
        builder.Services.AddReverseProxy().LoadFromMemory([Route(authorization)], [Cluster(upstream)]);

        await using WebApplication app = builder.Build();
        app.MapReverseProxy();
        await app.RunAsync();
        return 0;
    }

    private static RouteConfig Route(string authorization) => new()
    {
        RouteId = "bench",
        ClusterId = "bench",
        Match = new RouteMatch { Path = "/bench/{**rest}" },
        Transforms = [new Dictionary<string, string> { ["RequestHeader"] = "Authorization", ["Set"] = authorization }],
    };

    private static ClusterConfig Cluster(string upstream) => new()
    {
        ClusterId = "bench",
        Destinations = new Dictionary<string, DestinationConfig> { ["upstream"] = new() { Address = upstream } },
    };
}
