namespace Gateway.Pipeline;

/// <summary>Why a call was refused. The zero value is a refusal too: a fault of the gateway.</summary>
internal enum Reason
{
    StateUnavailable = 0,
    IdentityMissing,
    IdentityInvalid,
    ProofRequired,
    PolicyDenied,
    AgentSuspended,
    TaskRequired,
    TaskUnknown,
    TaskEnded,
    ToolUnknown,
    OperationUnknown,
    DestinationForbidden,
    RequestMalformed,
    RequestTooLarge,
    RateLimited,
    CredentialUnavailable,
    AuditUnavailable,
    UpstreamUnreachable,
    UpstreamTimeout,
}
