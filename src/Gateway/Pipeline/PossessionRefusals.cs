using Gateway.Core.Identity;

namespace Gateway.Pipeline;

/// <summary>What the agent is told of a proof of possession that is missing or failed, and what the record says.</summary>
internal static class PossessionRefusals
{
    private const string InvalidToken = "invalid_token";
    private const string InvalidProof = "invalid_dpop_proof";
    private const string UseNonce = "use_dpop_nonce";

    private const string SendProof =
        "The token is bound to a key: send it as 'Authorization: DPoP <token>', or in Gateway-Identity, with a fresh proof in the header DPoP.";

    private const string NotAccepted = "The proof of possession was not accepted. The call log names the check that failed under this call's id.";

    /// <summary>Null where the failure is none of proof.</summary>
    /// <param name="failure">Why the identity was refused.</param>
    /// <param name="algorithms">Those that proofs may be signed with, separated by spaces.</param>
    public static Refusal? Find(IdentityFailure failure, string algorithms) => failure switch
    {
        IdentityFailure.ReplayUnknown => new(
            Reason.StateUnavailable,
            "The gateway cannot tell at the moment whether the proof was used before.",
            "So many DPoP proofs were used within their lifetime that no more can be remembered, and none is accepted unremembered."),
        IdentityFailure.ProofNonceMissing or IdentityFailure.ProofNonceInvalid => new(
            Reason.ProofRequired,
            "Send the request again, with a proof that holds the nonce of the header DPoP-Nonce.",
            RecordDetail(failure),
            Challenge: Challenge(UseNonce, algorithms)),
        IdentityFailure.ProofRequired or IdentityFailure.BoundTokenAsBearer => new(
            Reason.ProofRequired,
            SendProof,
            RecordDetail(failure),
            Challenge: Challenge(InvalidToken, algorithms)),
        IdentityFailure.CertificateRequired => new(
            Reason.ProofRequired,
            "The token is bound to a client certificate: call an https listener that asks for one, with that certificate.",
            RecordDetail(failure)),
        IdentityFailure.TokenNotBound => new(
            Reason.ProofRequired,
            "The token must be bound to a key or a certificate; obtain one that is.",
            RecordDetail(failure)),
        IdentityFailure.ConfirmationUnusable or IdentityFailure.CertificateMismatch => new(Reason.ProofRequired, NotAccepted, RecordDetail(failure)),
        IdentityFailure.ProofKeyMismatch => new(Reason.ProofRequired, NotAccepted, RecordDetail(failure), Challenge: Challenge(InvalidToken, algorithms)),
        >= IdentityFailure.ProofMalformed and <= IdentityFailure.ProofReplayed => new(
            Reason.ProofRequired,
            NotAccepted,
            RecordDetail(failure),
            Challenge: Challenge(InvalidProof, algorithms)),
        _ => null,
    };

    /// <summary>RFC 9449, section 7.1.</summary>
    private static string Challenge(string error, string algorithms) => $"DPoP realm=\"gateway\", error=\"{error}\", algs=\"{algorithms}\"";

    private static string RecordDetail(IdentityFailure failure) => failure switch
    {
        IdentityFailure.ProofRequired => "The token is bound to a key (cnf, jkt), and no DPoP proof came with it.",
        IdentityFailure.BoundTokenAsBearer => "The token is bound to a key (cnf, jkt), and came as Bearer instead of DPoP.",
        IdentityFailure.TokenNotBound => "The token is not bound (cnf) to what its issuer's configuration, or the scheme DPoP, demands.",
        IdentityFailure.ConfirmationUnusable => "The token's confirmation (cnf) is malformed, or asks for a proof that the gateway does not know.",
        IdentityFailure.CertificateRequired => "The token is bound to a client certificate (cnf, x5t#S256), and the connection has none.",
        IdentityFailure.CertificateMismatch => "The token is bound to another client certificate (cnf, x5t#S256) than the connection's.",
        IdentityFailure.ProofMalformed => "The DPoP proof is malformed, misses a claim, or is not the only one.",
        IdentityFailure.ProofTooLarge => "The DPoP proof is larger than the gateway accepts.",
        IdentityFailure.ProofHeaderNotAllowed => "The DPoP proof's header holds a parameter that is not allowed.",
        IdentityFailure.ProofTypeNotAllowed => "The DPoP proof's type (typ) is not dpop+jwt.",
        IdentityFailure.ProofAlgorithmNotAllowed => "The DPoP proof's algorithm (alg) is not allowed.",
        IdentityFailure.ProofKeyUnusable => "The DPoP proof's key (jwk) is missing, private, weak, or does not fit the algorithm.",
        IdentityFailure.ProofKeyMismatch => "The DPoP proof's key (jwk) is not the one that the token is bound to: its thumbprint is not the token's jkt.",
        IdentityFailure.ProofSignatureInvalid => "The DPoP proof's signature does not verify.",
        IdentityFailure.ProofMethodMismatch => "The DPoP proof is for another method (htm).",
        IdentityFailure.ProofTargetUnknown => "The DPoP proof's target (htu) cannot be checked: the listener's ExternalUrls are not configured.",
        IdentityFailure.ProofTargetMismatch => "The DPoP proof is for another target (htu), or the listener's ExternalUrls lack the URL that the agent calls.",
        IdentityFailure.ProofTokenMismatch => "The DPoP proof is for another token (ath).",
        IdentityFailure.ProofExpired => "The DPoP proof is too old (iat).",
        IdentityFailure.ProofNotYetValid => "The DPoP proof is from the future (iat).",
        IdentityFailure.ProofNonceMissing => "The DPoP proof holds no nonce.",
        IdentityFailure.ProofNonceInvalid => "The DPoP proof's nonce is not the gateway's, or too old.",
        IdentityFailure.ProofReplayed => "The DPoP proof was used before (jti): a replay.",
        _ => "The proof of possession was refused.",
    };
}
