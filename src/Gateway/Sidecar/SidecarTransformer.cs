using System.Collections.Frozen;
using Gateway.Identity;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Sidecar;

/// <summary>Makes the gateway's request of the agent's: as it came, with the workload's identity and nobody else's.</summary>
internal sealed class SidecarTransformer(string? token) : HttpTransformer
{
    public const string TokenHeader = TokenCarriers.GatewayIdentityHeader;

    private static readonly UriCreationOptions ByteForByte = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>
    /// Whoever calls must not choose another identity. The gateway would hand none of these on either, so that nothing is lost.
    /// </summary>
    private static readonly FrozenSet<string> Identities = new[]
    {
        TokenHeader, "Authorization", "Proxy-Authorization", TokenCarriers.ApiKeyHeader, "DPoP", "Client-Cert", "Client-Cert-Chain",
        "Txn-Token", "Workload-Identity-Token", "Workload-Proof-Token", "Forwarded", "X-Forwarded-For", "X-Forwarded-Client-Cert",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        foreach (var name in Identities)
        {
            proxyRequest.Headers.Remove(name);
        }

        var target = httpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        proxyRequest.RequestUri = new Uri($"{destinationPrefix.TrimEnd('/')}{target}", ByteForByte);
        proxyRequest.Headers.Host = null;
        if (token is not null)
        {
            proxyRequest.Headers.TryAddWithoutValidation(TokenHeader, token);
        }
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var hasBody = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);

        // Between the gateway and the holder of the key.
        httpContext.Response.Headers.Remove("DPoP-Nonce");
        return hasBody;
    }
}
