using Gateway.Core.Credentials;
using Gateway.Pipeline;
using Yarp.ReverseProxy.Transforms;

namespace Gateway.Forwarding;

/// <summary>Writes the outgoing request's address as policy saw it, and puts the credential on it: the last thing before it is sent.</summary>
internal sealed class InjectCredentialTransform(LeaseStore leases, TimeProvider clock) : RequestTransform
{
    private static readonly UriCreationOptions ByteForByte = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        // Without a call that policy has permitted there is nothing to send, whoever routed the request here.
        if (context.HttpContext.Features.Get<Call>() is not { Decision.Permitted: true, Lease: { } reference } call)
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

        var destination = context.DestinationPrefix.AsSpan().TrimEnd('/');
        var path = call.UpstreamPath.Length == 0 && destination.Length < context.DestinationPrefix.Length ? "/" : call.UpstreamPath;
        context.ProxyRequest.RequestUri = new Uri(string.Concat(destination, path, call.Query), ByteForByte);
        lease.ApplyTo(context.ProxyRequest);
        lease.Scrubber.AttachTo(context.ProxyRequest);
        call.Destination = context.ProxyRequest.RequestUri;
        call.ForwardedTimestamp = clock.GetTimestamp();
        call.Forwarded = true;
        return default;
    }
}
