using Gateway.Core.Credentials;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Transforms;

namespace Gateway.Forwarding;

/// <summary>The trailers' part of <see cref="ScrubResponseTransform"/>.</summary>
internal sealed class ScrubTrailersTransform : ResponseTrailersTransform
{
    public override ValueTask ApplyAsync(ResponseTrailersTransformContext context)
    {
        var trailers = context.HttpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        if (trailers is { Count: > 0 } && SecretScrubber.TryFind(context.ProxyResponse?.RequestMessage, out var scrubber))
        {
            ScrubResponseTransform.RemoveGatewayHeaders(trailers);
            ScrubResponseTransform.ScrubHeaders(trailers, scrubber);
        }
        else
        {
            trailers?.Clear();
        }

        return default;
    }
}
