using System.Net;
using Gateway.Core.Credentials;
using Gateway.Identity;
using Gateway.Pipeline;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Transforms;

namespace Gateway.Forwarding;

/// <summary>Takes the injected credential out of whatever the upstream echoes, in headers and body, as it streams.</summary>
internal sealed class ScrubResponseTransform : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.HttpContext.Features.Get<Call>() is not { } call || context.ProxyResponse is not { } response)
        {
            return default;
        }

        var headers = context.HttpContext.Response.Headers;
        RemoveGatewayHeaders(headers);
        headers[GatewayHeaders.Call] = call.Id;

        // Free text that nobody needs (RFC 9112 §4) and that an upstream could put an echo into.
        context.HttpContext.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = null;
        if (!SecretScrubber.TryFind(response.RequestMessage, out var scrubber))
        {
            throw new InvalidOperationException("A response came to a request that no credential was injected into.");
        }

        ScrubHeaders(headers, scrubber);
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
        {
            return default;
        }

        if (ScrubbedContent.Wrap(response.Content, scrubber, call) is not { } content)
        {
            call.Refusal = new Refusal(Reason.UpstreamUnreachable, "The upstream answered in a content coding that the gateway cannot inspect for credentials.");
            context.SuppressResponseBody = true;
            return default;
        }

        if (content.Decodes)
        {
            headers.ContentEncoding = default;
            headers.ContentLength = null;
        }

        response.Content = content;
        return default;
    }

    /// <summary>What an agent takes for the gateway's word must be that: an upstream's nonce would go into the agent's next proof.</summary>
    internal static void RemoveGatewayHeaders(IHeaderDictionary headers)
    {
        headers.Remove(PossessionCheck.NonceHeader);
        foreach (var name in headers.Keys.Where(k => k.StartsWith(GatewayHeaders.Prefix, StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            headers.Remove(name);
        }
    }

    internal static void ScrubHeaders(IHeaderDictionary headers, SecretScrubber scrubber)
    {
        List<(string Name, StringValues Values)>? changed = null;
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                if (value is not null && scrubber.IsPresent(value))
                {
                    (changed ??= []).Add((name, values));
                    break;
                }
            }
        }

        if (changed is not null)
        {
            foreach (var (name, values) in changed)
            {
                headers[name] = values.Select(v => v is null ? null : scrubber.Mask(v)).ToArray();
            }
        }
    }
}
