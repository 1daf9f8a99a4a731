using Gateway.Core.Identity;

namespace Gateway.Pipeline;

/// <summary>What the agent is told of a refused identity, and what the record says: the agent learns no more than it must.</summary>
internal static class IdentityRefusals
{
    public static Verdict Of(IdentityResult result) => result.Failure switch
    {
        IdentityFailure.Missing => Verdict.Refuse(
            Reason.IdentityMissing,
            "Send the workload's token, a JWT, for example as 'Authorization: Bearer <token>'; a value that is not a JWT does not count."),
        IdentityFailure.ProofRequired => Verdict.Refuse(
            Reason.ProofRequired,
            "The token was sent for a proof of possession, which this gateway does not verify; send one that is not bound to a key, as Bearer.",
            "The token is sender-constrained (cnf or the DPoP scheme), and proofs are not verified."),
        IdentityFailure.PeerUnknown or IdentityFailure.PeerAmbiguous => Verdict.Refuse(
            Reason.IdentityInvalid,
            "The process that opened this connection is not known as an agent; send the workload's token, or ask the gateway's operator. The call log names the check that failed.",
            RecordDetail(result.Failure)),
        IdentityFailure.Expired => Verdict.Refuse(Reason.IdentityInvalid, "The token has expired; obtain a new one.", RecordDetail(result.Failure)),
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
        IdentityFailure.PeerUnknown => "No entry of Identity.UnixPeers describes the process at the other end of the socket.",
        IdentityFailure.PeerAmbiguous => "Entries of Identity.UnixPeers for different agents describe the process at the other end of the socket.",
        _ => "The identity was refused.",
    };
}
