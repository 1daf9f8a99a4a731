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

    /// <summary>The token's <c>act</c> does not say who acts, or names somebody whom its issuer cannot vouch for.</summary>
    DelegationInvalid,

    /// <summary>The token is bound to a key, and no DPoP proof came with it.</summary>
    ProofRequired,
    RequiredClaimMissing,
    AgentIdInvalid,
    ServiceAccountInvalid,
    TenantInvalid,
    NotAnApplication,
    ClientInvalid,
    RepositoryInvalid,
    NotAServiceAccount,
    ReviewRefused,
    ReviewUnavailable,
    AgentUnregistered,
    AgentExpired,
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

    /// <summary>The token is not bound to a key where its issuer or its scheme demands it.</summary>
    TokenNotBound,

    /// <summary>The token's <c>cnf</c> asks for a proof that is not known here.</summary>
    ConfirmationUnusable,

    /// <summary>A token for DPoP came as <c>Bearer</c> (RFC 9449, section 7.2).</summary>
    BoundTokenAsBearer,

    ProofMalformed,
    ProofTooLarge,
    ProofHeaderNotAllowed,
    ProofTypeNotAllowed,
    ProofAlgorithmNotAllowed,
    ProofKeyUnusable,
    ProofKeyMismatch,
    ProofSignatureInvalid,
    ProofMethodMismatch,

    /// <summary>Nobody has configured what <c>htu</c> is to be compared with.</summary>
    ProofTargetUnknown,
    ProofTargetMismatch,
    ProofTokenMismatch,
    ProofExpired,
    ProofNotYetValid,
    ProofNonceMissing,
    ProofNonceInvalid,
    ProofReplayed,

    /// <summary>Whether the proof was used before cannot be told.</summary>
    ReplayUnknown,
    CertificateRequired,
    CertificateMismatch,
    PeerUnknown,
    PeerAmbiguous,

    /// <summary>A Transaction Token's own claims are missing or unusable.</summary>
    TransactionInvalid,

    /// <summary>The token names who may act for its subject (<c>may_act</c>), and it is somebody else.</summary>
    ActorNotPermitted,
}
