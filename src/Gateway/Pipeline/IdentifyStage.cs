using Gateway.Core.Identity;
using Gateway.Core.Identity.Jwt;
using Gateway.Identity;

namespace Gateway.Pipeline;

/// <summary>Finds out who calls. The first identity that is present decides; no other rescues it.</summary>
internal sealed class IdentifyStage(JwtAuthenticator authenticator) : ICallStage
{
    public ValueTask<Verdict> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var presented = TokenCarriers.Read(call.Http.Request.Headers);
        if (!presented.HasToken)
        {
            return new(Refuse(call, IdentityResult.Fail(presented.Failure)));
        }

        var pending = authenticator.AuthenticateAsync(presented.Token, call.Snapshot.Issuers, cancellationToken);
        return pending.IsCompletedSuccessfully ? new(Conclude(call, pending.GetAwaiter().GetResult())) : AwaitAsync(call, pending);
    }

    private static async ValueTask<Verdict> AwaitAsync(Call call, ValueTask<IdentityResult> pending) => Conclude(call, await pending);

    private static Verdict Conclude(Call call, IdentityResult result)
    {
        if (!result.Succeeded)
        {
            return Refuse(call, result);
        }

        call.Agent = result.Agent;
        return Verdict.Continue;
    }

    private static Verdict Refuse(Call call, IdentityResult result)
    {
        call.FailedIdentity = result;
        return result.Failure switch
        {
            IdentityFailure.Missing => Verdict.Refuse(
                Reason.IdentityMissing,
                "Send the workload's token, a JWT, for example as 'Authorization: Bearer <token>'; a value that is not a JWT does not count."),
            IdentityFailure.ProofRequired => Verdict.Refuse(
                Reason.ProofRequired,
                "The token was sent for a proof of possession, which this gateway does not verify; send one that is not bound to a key, as Bearer.",
                "The token is sender-constrained (cnf or the DPoP scheme), and proofs are not verified."),
            IdentityFailure.Expired => Verdict.Refuse(Reason.IdentityInvalid, "The token has expired; obtain a new one.", RecordDetail(result)),
            _ => Verdict.Refuse(
                Reason.IdentityInvalid,
                "The token was not accepted. The call log names the check that failed under this call's id.",
                RecordDetail(result)),
        };
    }

    private static string RecordDetail(IdentityResult result) => result.Failure switch
    {
        IdentityFailure.Malformed => "The token, or the header that carries it, is malformed.",
        IdentityFailure.TooLarge => "The token is larger than the gateway accepts.",
        IdentityFailure.AlgorithmNotAllowed => "The token's algorithm is not allowed.",
        IdentityFailure.HeaderNotAllowed => "The token's header holds a parameter that is not allowed.",
        IdentityFailure.TypeNotAllowed => "The token's type (typ) is not allowed.",
        IdentityFailure.IssuerUnknown => "The token's issuer is not configured.",
        IdentityFailure.KeyUnknown => "The token names a key that its issuer does not publish.",
        IdentityFailure.KeysUnavailable => "No current keys of the token's issuer are known.",
        IdentityFailure.SignatureInvalid => "The token's signature does not verify.",
        IdentityFailure.AudienceInvalid => "The token is not meant for this gateway (aud).",
        IdentityFailure.Expired => "The token has expired (exp).",
        IdentityFailure.NotYetValid => "The token is not yet valid (nbf or iat).",
        IdentityFailure.LifetimeTooLong => "The token's lifetime is longer than the issuer's configuration allows.",
        IdentityFailure.SubjectInvalid => "The token's subject (sub) is missing or unusable.",
        _ => "The identity was refused.",
    };
}
