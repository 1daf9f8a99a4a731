namespace Gateway.Core.Identity;

/// <summary>Why an identity was refused. The zero value is a refusal without further word.</summary>
internal enum IdentityFailure
{
    Unspecified = 0,
    Missing,
    Malformed,
    TooLarge,
    AlgorithmNotAllowed,
    HeaderNotAllowed,
    TypeNotAllowed,
    IssuerUnknown,
    KeyUnknown,
    KeysUnavailable,
    SignatureInvalid,
    AudienceInvalid,
    Expired,
    NotYetValid,
    LifetimeTooLong,
    SubjectInvalid,
    ProofRequired,
    PeerUnknown,
    PeerAmbiguous,
}
