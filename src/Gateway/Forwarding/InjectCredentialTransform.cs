using Gateway.Core.Credentials;
using Gateway.Pipeline;
using Gateway.Telemetry;
using Yarp.ReverseProxy.Transforms;

namespace Gateway.Forwarding;

/// <summary>Writes the outgoing request's address as policy saw it, and puts the credential on it: the last thing before it is sent.</summary>
internal sealed class InjectCredentialTransform(LeaseStore leases, TimeProvider clock) : RequestTransform
{
    private static readonly UriCreationOptions ByteForByte = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        // Without a call that policy lets pass there is nothing to send, whoever routed the request here.
        if (context.HttpContext.Features.Get<Call>() is not { MayProceed: true, Lease: { } reference } call)
        {
            context.HttpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return default;
        }

        // Looked up now, not earlier: a lease that was dropped since it was acquired must not be used.
        if (!leases.TryGet(reference, out var lease))
        {
            call.Refusal = new Refusal(Reason.CredentialUnavailable, "The credential for this call was withdrawn; try again.");
            context.HttpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return default;
        }

        context.ProxyRequest.RequestUri = new Uri(Address(context.DestinationPrefix, call), ByteForByte);
        OutgoingTrace.Apply(context.ProxyRequest, call.Tool?.PropagatesTrace == true, Tracing.Current);
        lease.ApplyTo(context.ProxyRequest);
        lease.Scrubber.AttachTo(context.ProxyRequest);
        call.Destination = context.ProxyRequest.RequestUri;
        call.ForwardedTimestamp = clock.GetTimestamp();
        call.Forwarded = true;
        return default;
    }

    /// <summary>The destination's own path, then the agent's. Without either, the request line still needs "/" (RFC 9112 §3.2.1).</summary>
    private static string Address(string destinationPrefix, Call call)
    {
        var destination = destinationPrefix.AsSpan().TrimEnd('/');
        var authority = destination.IndexOf("://", StringComparison.Ordinal) + 3;
        var path = call.UpstreamPath.Length == 0 && !destination[authority..].Contains('/') ? "/" : call.UpstreamPath;
        return string.Concat(destination, path, call.Query);
    }
}
