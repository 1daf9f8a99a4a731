using Gateway.Core.Identity;

namespace Gateway.Pipeline;

/// <summary>What the agent is told of a refused identity, and what the record says: the agent learns no more than it must.</summary>
internal static class IdentityRefusals
{
    public static Verdict Of(IdentityResult result) => result.Failure switch
    {
        IdentityFailure.Missing => Verdict.Refuse(
            Reason.IdentityMissing,
            "Send the workload's token, a JWT, for example as 'Authorization: Bearer <token>'; a value that is not a JWT does not count. Where the listener asks for certificates, an X.509-SVID does as well."),
        IdentityFailure.ProofRequired => Verdict.Refuse(
            Reason.ProofRequired,
            "The token was sent for a proof of possession, which this gateway does not verify; send one that is not bound to a key, as Bearer.",
            "The token is sender-constrained (cnf or the DPoP scheme), and proofs are not verified."),
        IdentityFailure.Expired => Verdict.Refuse(Reason.IdentityInvalid, "The token has expired; obtain a new one.", RecordDetail(result.Failure)),
        IdentityFailure.CertificateExpired => Verdict.Refuse(Reason.IdentityInvalid, "The client certificate has expired; connect with a new one.", RecordDetail(result.Failure)),
        IdentityFailure.CertificateDisagrees => Verdict.Refuse(Reason.IdentityInvalid, "The token and the client certificate name different agents.", RecordDetail(result.Failure)),
        IdentityFailure.CertificateMalformed
            or IdentityFailure.SpiffeIdInvalid
            or IdentityFailure.TrustDomainUnknown
            or IdentityFailure.BundleUnavailable
            or IdentityFailure.CertificateUsageInvalid
            or IdentityFailure.CertificateUntrusted
            or IdentityFailure.CertificateChainInvalid
            or IdentityFailure.CertificateNotYetValid => Verdict.Refuse(
            Reason.IdentityInvalid,
            "The client certificate was not accepted. The call log names the check that failed under this call's id.",
            RecordDetail(result.Failure)),
        _ => Verdict.Refuse(
            Reason.IdentityInvalid,
            "The token was not accepted. The call log names the check that failed under this call's id.",
            RecordDetail(result.Failure)),
    };

    private static string RecordDetail(IdentityFailure failure) => failure switch
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
        IdentityFailure.CertificateMalformed => "The client certificate is malformed.",
        IdentityFailure.SpiffeIdInvalid => "The client certificate does not hold exactly one URI that is a workload's SPIFFE ID.",
        IdentityFailure.TrustDomainUnknown => "The client certificate's trust domain is not configured.",
        IdentityFailure.BundleUnavailable => "No current bundle of the client certificate's trust domain is known.",
        IdentityFailure.CertificateUsageInvalid => "The client certificate's constraints or key usages are not those of a workload.",
        IdentityFailure.CertificateUntrusted => "The client certificate's chain leads to no authority in its trust domain's bundle.",
        IdentityFailure.CertificateChainInvalid => "The client certificate's chain breaks a constraint or a usage of a certificate on it.",
        IdentityFailure.CertificateExpired => "The client certificate, or one above it, has expired.",
        IdentityFailure.CertificateNotYetValid => "The client certificate, or one above it, is not yet valid.",
        IdentityFailure.CertificateDisagrees => "The token and the client certificate both verify, and name different agents.",
        _ => "The identity was refused.",
    };
}
