using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Yarp.ReverseProxy.Model;

namespace Gateway.Forwarding;

/// <summary>YARP's endpoints by route id, so that a tool that the gateway has found needs no second routing.</summary>
internal sealed class ToolEndpoints(EndpointDataSource endpoints)
{
    private volatile Dictionary<string, Endpoint> _byRoute = [];

    /// <summary>Reads YARP's endpoints anew; to be called after YARP has taken over a configuration.</summary>
    /// <remarks>Endpoints of routes that are gone stay for calls that were routed before; they go with the next refresh.</remarks>
    public void Refresh()
    {
        var current = endpoints.Endpoints
            .Select(e => (Endpoint: e, Route: e.Metadata.GetMetadata<RouteModel>()))
            .Where(e => e.Route is not null)
            .ToDictionary(e => e.Route?.Config.RouteId ?? "", e => e.Endpoint, StringComparer.Ordinal);
        _byRoute = current;
    }

    public bool TryGet(string routeId, [NotNullWhen(true)] out Endpoint? endpoint) => _byRoute.TryGetValue(routeId, out endpoint);
}
