using Gateway.Core.Audit;
using Gateway.Core.Identity;

namespace Gateway.Pipeline;

/// <summary>Which calls somebody should look at for their own sake.</summary>
internal static class Suspicions
{
    public static AlertKind Of(Call call) =>
        call.Tool?.IsCanary == true ? AlertKind.CanaryTouched
        : call.Agent is null ? Of(call.FailedIdentity.Failure)
        : AlertKind.None;

    /// <summary>What no honest agent sends, however badly it is configured; an expired token is none of it.</summary>
    private static AlertKind Of(IdentityFailure failure) => failure switch
    {
        IdentityFailure.SignatureInvalid
            or IdentityFailure.AlgorithmNotAllowed
            or IdentityFailure.HeaderNotAllowed
            or IdentityFailure.ProofSignatureInvalid
            or IdentityFailure.ProofAlgorithmNotAllowed
            or IdentityFailure.ProofHeaderNotAllowed
            or IdentityFailure.CertificateUntrusted
            or IdentityFailure.CertificateChainInvalid
            or IdentityFailure.CertificateDisagrees => AlertKind.ForgedIdentity,

        // A token without the key that it is bound to, or a proof that was made for something else, was somebody else's.
        IdentityFailure.ProofReplayed
            or IdentityFailure.ProofKeyMismatch
            or IdentityFailure.ProofTokenMismatch
            or IdentityFailure.ProofMethodMismatch
            or IdentityFailure.ProofTargetMismatch
            or IdentityFailure.BoundTokenAsBearer
            or IdentityFailure.CertificateMismatch => AlertKind.ReplayedIdentity,
        _ => AlertKind.None,
    };
}
