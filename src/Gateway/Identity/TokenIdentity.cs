using Gateway.Core.Identity;
using Gateway.Core.Identity.Jwt;
using Gateway.Pipeline;

namespace Gateway.Identity;

/// <summary>Identifies by the token in the request's headers, and by the proof that it asks for.</summary>
internal sealed class TokenIdentity(JwtAuthenticator authenticator, PossessionCheck possession) : IIdentitySource
{
    public ValueTask<IdentityResult> IdentifyAsync(Call call, CancellationToken cancellationToken)
    {
        var presented = TokenCarriers.Read(call.Http.Request.Headers);
        if (!presented.HasToken)
        {
            return new(IdentityResult.Fail(presented.Failure));
        }

        var verifying = authenticator.AuthenticateAsync(presented.Token, call.Snapshot.Issuers, cancellationToken);
        return verifying.IsCompletedSuccessfully
            ? possession.RunAsync(verifying.Result, presented.Scheme, call, cancellationToken)
            : AwaitAsync(verifying, presented.Scheme, call, cancellationToken);
    }

    private async ValueTask<IdentityResult> AwaitAsync(ValueTask<TokenResult> verifying, TokenScheme scheme, Call call, CancellationToken cancellationToken) =>
        await possession.RunAsync(await verifying, scheme, call, cancellationToken);
}
