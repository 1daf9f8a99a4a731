using Gateway.Core.Identity;
using Gateway.Core.Identity.Jwt;
using Gateway.Pipeline;

namespace Gateway.Identity;

/// <summary>Identifies by the token in the request's headers.</summary>
internal sealed class TokenIdentity(JwtAuthenticator authenticator) : IIdentitySource
{
    public ValueTask<IdentityResult> IdentifyAsync(Call call, CancellationToken cancellationToken)
    {
        var presented = TokenCarriers.Read(call.Http.Request.Headers);
        return presented.HasToken
            ? authenticator.AuthenticateAsync(presented.Token, call.Snapshot.Issuers, cancellationToken)
            : new(IdentityResult.Fail(presented.Failure));
    }
}
