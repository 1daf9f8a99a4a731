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
        IdentityFailure.PeerUnknown or IdentityFailure.PeerAmbiguous => Verdict.Refuse(
            Reason.IdentityInvalid,
            "The process that opened this connection is not known as an agent; send the workload's token, or ask the gateway's operator. The call log names the check that failed.",
            RecordDetail(result.Failure)),
        IdentityFailure.Expired => Verdict.Refuse(Reason.IdentityInvalid, "The token has expired; obtain a new one.", RecordDetail(result.Failure)),
        IdentityFailure.ReviewUnavailable => Verdict.Refuse(
            Reason.IdentityInvalid, "The token cannot be judged at the moment; try again.", RecordDetail(result.Failure), TimeSpan.FromSeconds(1)),
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

    /// <summary>Of a token beside the agent's own.</summary>
    public static Refusal OfTransaction(IdentityFailure failure) => new(
        Reason.IdentityInvalid,
        "The Txn-Token was not accepted. The call log names the check that failed under this call's id.",
        $"Txn-Token: {RecordDetail(failure)}");

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
        IdentityFailure.DelegationInvalid => "The token's chain of actors (act) is malformed, too long, or names an actor of another issuer.",
        IdentityFailure.RequiredClaimMissing => "A claim that the issuer's RequiredClaims demand is missing, or has another value.",
        IdentityFailure.AgentIdInvalid => "A claim that the agent's id is made of is missing, or cannot be part of one.",
        IdentityFailure.ServiceAccountInvalid => "The token's subject is no Kubernetes service account, or not the one in its kubernetes.io claim.",
        IdentityFailure.TenantInvalid => "The token is of another Entra tenant (tid).",
        IdentityFailure.NotAnApplication => "The token is not an application's (idtyp is not \"app\"): people are no agents.",
        IdentityFailure.ClientInvalid => "The token names two different clients (azp and appid).",
        IdentityFailure.RepositoryInvalid => "The token has no repository_id or no repository_owner_id.",
        IdentityFailure.NotAServiceAccount => "The token is not a Google service account's (sub, email, email_verified): people are no agents.",
        IdentityFailure.ReviewRefused => "The cluster no longer stands by the token (TokenReview): its pod, node or service account may be gone.",
        IdentityFailure.ReviewUnavailable => "The cluster could not be asked about the token (TokenReview); the gateway's log says why.",
        IdentityFailure.AgentUnregistered => "The agent is not registered (Identity.RegisteredOnly).",
        IdentityFailure.AgentExpired => "The agent's registration has ended (NotAfter).",
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
        IdentityFailure.PeerUnknown => "No entry of Identity.UnixPeers describes the process at the other end of the socket.",
        IdentityFailure.PeerAmbiguous => "Entries of Identity.UnixPeers for different agents describe the process at the other end of the socket.",
        IdentityFailure.TransactionInvalid => "The token's txn is missing, or its txn, scope or req_wl is unusable.",
        IdentityFailure.ActorNotPermitted => "The token names who may act for its subject (may_act), and it is not this agent.",
        _ => "The identity was refused.",
    };
}
