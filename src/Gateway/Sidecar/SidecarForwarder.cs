using System.Net;
using Gateway.Configuration;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Sidecar;

/// <summary>Sends an agent's request on to the gateway, and says in words when it cannot.</summary>
internal sealed partial class SidecarForwarder(
    SidecarSettings settings,
    IHttpForwarder forwarder,
    RotatingFiles<HttpMessageInvoker> client,
    IWorkloadToken? token,
    ILogger<SidecarForwarder> logger)
{
    private readonly string _prefix = settings.Gateway.GetLeftPart(UriPartial.Authority);

    private readonly ForwarderRequestConfig _config = new()
    {
        ActivityTimeout = settings.Timeout,
        Version = settings.Gateway.Scheme == Uri.UriSchemeHttps ? HttpVersion.Version20 : HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };

    public async Task InvokeAsync(HttpContext context)
    {
        if (IsFromWebPage(context.Request))
        {
            await SidecarProblem.WriteAsync(
                context.Response, StatusCodes.Status403Forbidden, "caller_refused", "Web pages are refused",
                "The sidecar speaks for the workload, not for web pages in a browser of this host.");
        }
        else if (!context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.StartsWith('/'))
        {
            await SidecarProblem.WriteAsync(
                context.Response, StatusCodes.Status400BadRequest, "request_malformed", "The request is malformed",
                "The request target must be a path: use the sidecar's address as base URL, not as a proxy.");
        }
        else if (client.Current is not { } http || (token is not null && token.Current is null))
        {
            await SidecarProblem.WriteAsync(
                context.Response, StatusCodes.Status503ServiceUnavailable, "identity_unavailable", "The workload's identity is not available",
                "The sidecar has no identity to send: its token or certificate files are missing, unreadable or malformed.");
        }
        else
        {
            await ForwardAsync(context, http);
        }
    }

    private async Task ForwardAsync(HttpContext context, HttpMessageInvoker http)
    {
        var error = await forwarder.SendAsync(context, _prefix, http, _config, new SidecarTransformer(token?.Current));
        if (error == ForwarderError.None || context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        Failed(logger, error, context.GetForwarderErrorFeature()?.Exception?.GetType().Name);
        if (context.Response.HasStarted)
        {
            return;
        }

        var late = error is ForwarderError.RequestTimedOut or ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled;
        await SidecarProblem.WriteAsync(
            context.Response,
            late ? StatusCodes.Status504GatewayTimeout : StatusCodes.Status502BadGateway,
            late ? "gateway_timeout" : "gateway_unreachable",
            late ? "The gateway did not answer in time" : "The gateway cannot be reached",
            late ? "The gateway did not answer in time." : "The gateway refused the connection, is not the one that the sidecar trusts, or broke off before it answered.");
    }

    /// <summary>
    /// A page that a browser on this host shows may send requests to loopback addresses, and by a name that it rebinds it could
    /// read the answers. Browsers say so in Sec-Fetch-Site; the rebound name is in Host.
    /// </summary>
    private bool IsFromWebPage(HttpRequest request) =>
        request.Headers.ContainsKey("Sec-Fetch-Site") || (settings.Listen.SocketPath is null && !IsLoopback(request.Host.Host));

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (AddressText.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    [LoggerMessage(1152, LogLevel.Warning, "A request could not be forwarded: {Error} ({Exception})", EventName = "SidecarForwardingFailed")]
    private static partial void Failed(ILogger logger, ForwarderError error, string? exception);
}
