using System.Net;

namespace Gateway.Sidecar;

/// <summary>Puts a proof of possession on each request, with the nonce that the server asked for last.</summary>
internal sealed class ProofHandler(ProofKey key, Uri server, TimeProvider clock, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const string ProofHeader = "DPoP";
    private const string NonceHeader = "DPoP-Nonce";
    private const string NonceWanted = "use_dpop_nonce";

    private string? _nonce;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await SendWithProofAsync(request, cancellationToken);

        // Only what can be sent again unchanged: an agent's body has been streamed and is gone (RFC 9449, section 8).
        if (request.Content is not (null or FormUrlEncodedContent) || !AsksForNonce(request, response))
        {
            return response;
        }

        response.Dispose();
        return await SendWithProofAsync(request, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendWithProofAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var token = request.Headers.TryGetValues(SidecarTransformer.TokenHeader, out var tokens) ? tokens.Single() : null;
        var proof = key.Prove(request.Method.Method, AddressOf(request), token, Volatile.Read(ref _nonce), clock.GetUtcNow());
        request.Headers.Remove(ProofHeader);
        request.Headers.TryAddWithoutValidation(ProofHeader, proof);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.Headers.TryGetValues(NonceHeader, out var nonces) && nonces.ToArray() is [{ Length: > 0 } nonce])
        {
            Volatile.Write(ref _nonce, nonce);
        }

        return response;
    }

    /// <summary>RFC 9449: a resource server challenges (section 9), a token endpoint answers 400 (section 8).</summary>
    private static bool AsksForNonce(HttpRequestMessage request, HttpResponseMessage response) =>
        response.Headers.Contains(NonceHeader) && response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => response.Headers.TryGetValues("WWW-Authenticate", out var challenges) && challenges.Any(c => c.Contains(NonceWanted, StringComparison.Ordinal)),
            HttpStatusCode.BadRequest => request.Content is not null,
            _ => false,
        };

    /// <summary>The address as the server knows itself, not as it is reached (RFC 9449, section 4.2).</summary>
    private string AddressOf(HttpRequestMessage request)
    {
        var path = request.RequestUri?.OriginalString ?? "";
        var authority = path.IndexOf("://", StringComparison.Ordinal) + 3;
        var start = path.IndexOf('/', authority);
        var end = path.AsSpan(start).IndexOfAny('?', '#');
        return $"{server.GetLeftPart(UriPartial.Authority)}{(end < 0 ? path[start..] : path[start..(start + end)])}";
    }
}
