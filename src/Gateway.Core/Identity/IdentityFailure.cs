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
    CertificateMalformed,
    SpiffeIdInvalid,
    TrustDomainUnknown,
    BundleUnavailable,
    CertificateUsageInvalid,
    CertificateUntrusted,
    CertificateChainInvalid,
    CertificateExpired,
    CertificateNotYetValid,
    CertificateDisagrees,
}
