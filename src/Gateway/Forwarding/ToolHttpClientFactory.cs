using System.Net;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Forwarding;

/// <summary>YARP's client factory with the gateway's rule about addresses on every connection, health probes included.</summary>
internal sealed class ToolHttpClientFactory(ILogger<ForwarderHttpClientFactory> logger) : ForwarderHttpClientFactory(logger)
{
    /// <summary>Cluster metadata: CIDR ranges, separated by spaces.</summary>
    public const string AllowAddresses = "Gateway.AllowAddresses";

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) =>
        new QuietHandler(base.WrapHandler(context, handler));

    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        var ranges = context.NewMetadata?.GetValueOrDefault(AllowAddresses) ?? "";
        var networks = ranges.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPNetwork.Parse).ToArray();
        handler.ConnectCallback = new GuardedConnector(new AddressRules(networks)).ConnectAsync;

        // A name that moves must not be held to its old address by a busy connection.
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
        handler.UseProxy = false;

        // The span "forward" is the client's span, and OutgoingTrace writes its headers: another one would hold the whole URL.
        handler.ActivityHeadersPropagator = null;
    }
}
