using Gateway.Core.Identity;
using Gateway.Core.Identity.Dpop;
using Gateway.Core.Identity.Jwt;
using Gateway.Hosting;
using Gateway.Pipeline;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Identity;

/// <summary>Turns a verified token into an identity, once the caller has proven to hold every key that the token is bound to.</summary>
internal sealed class PossessionCheck(DpopVerifier verifier, DpopNonces nonces)
{
    public const string ProofHeader = "DPoP";
    public const string NonceHeader = "DPoP-Nonce";

    public ValueTask<IdentityResult> RunAsync(TokenResult result, TokenScheme scheme, Call call, CancellationToken cancellationToken)
    {
        if (result.Token is not { } token)
        {
            return new(result.Prove(default));
        }

        var certificate = token.Confirmation?.HasCertificate == true ? ClientCertificateThumbprint.Of(call.Http.Connection.ClientCertificate) : default;
        if (token.Confirmation?.Key is not { } key)
        {
            // A proof beside a token that asks for none proves nothing about it, and is dropped.
            return new(scheme == TokenScheme.DPoP ? token.Refuse(IdentityFailure.TokenNotBound) : token.Prove(new ProvenKeys(null, certificate)));
        }

        if (call.Snapshot.Dpop.NonceRequired)
        {
            OfferNonce(call.Http.Response);
        }

        // RFC 9449, section 7.2: else a stolen token could be used where only bearer tokens are looked for.
        if (scheme == TokenScheme.Bearer)
        {
            return new(token.Refuse(IdentityFailure.BoundTokenAsBearer));
        }

        // Ahead of the proof, which is used up by being verified.
        if (token.Confirmation.HasCertificate && !token.Confirmation.IsBoundToCertificate(certificate.Span))
        {
            return new(token.Prove(new ProvenKeys(null, certificate)));
        }

        return VerifyAsync(token, key, certificate, call, cancellationToken);
    }

    private ValueTask<IdentityResult> VerifyAsync(
        VerifiedToken token,
        BoundKey key,
        ReadOnlyMemory<byte> certificate,
        Call call,
        CancellationToken cancellationToken)
    {
        var request = call.Http.Request;
        var proofs = request.Headers[ProofHeader];
        if (proofs is not [{ } proof])
        {
            return new(token.Refuse(proofs.Count == 0 ? IdentityFailure.ProofRequired : IdentityFailure.ProofMalformed));
        }

        var verifying = verifier.VerifyAsync(
            new DpopRequest
            {
                Proof = proof,
                Method = request.Method,
                Path = PathOf(call.Http),
                Urls = call.Http.Features.Get<ListenerFeature>()?.ExternalUrls ?? [],
                TokenHash = token.Hash,
                Key = key,
            },
            call.Snapshot.Dpop,
            cancellationToken);
        return verifying.IsCompletedSuccessfully ? new(Conclude(token, verifying.Result, certificate)) : AwaitAsync(verifying, token, certificate);
    }

    private static async ValueTask<IdentityResult> AwaitAsync(ValueTask<DpopResult> verifying, VerifiedToken token, ReadOnlyMemory<byte> certificate) =>
        Conclude(token, await verifying, certificate);

    private static IdentityResult Conclude(VerifiedToken token, DpopResult result, ReadOnlyMemory<byte> certificate) =>
        result.ProvenKey is { } key ? token.Prove(new ProvenKeys(key, certificate)) : token.Refuse(result.Failure);

    /// <summary>As the agent sent it: what Kestrel has decoded is not what the proof is about.</summary>
    private static ReadOnlySpan<char> PathOf(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        var query = target.IndexOf('?');
        return query < 0 ? target : target[..query];
    }

    /// <summary>With every answer, as RFC 9449, section 8.2, has it, and last, so that no upstream's nonce takes its place.</summary>
    private void OfferNonce(HttpResponse response) =>
        response.OnStarting(
            static state =>
            {
                var (response, nonces) = ((HttpResponse, DpopNonces))state;
                response.Headers[NonceHeader] = nonces.Current;
                return Task.CompletedTask;
            },
            (response, nonces));
}
