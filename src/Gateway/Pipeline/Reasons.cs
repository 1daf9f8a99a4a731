
namespace Gateway.Pipeline;

/// <summary>The one place that maps a refusal to its name, status and words.</summary>
internal static class Reasons
{
    public static string Name(this Reason reason) => reason switch
    {
        Reason.IdentityMissing => "identity_missing",
        Reason.IdentityInvalid => "identity_invalid",
        Reason.ProofRequired => "proof_required",
        Reason.PolicyDenied => "policy_denied",
        Reason.AgentSuspended => "agent_suspended",
        Reason.TaskRequired => "task_required",
        Reason.TaskUnknown => "task_unknown",
        Reason.TaskEnded => "task_ended",
        Reason.ToolUnknown => "tool_unknown",
        Reason.OperationUnknown => "operation_unknown",
        Reason.DestinationForbidden => "destination_forbidden",
        Reason.RequestMalformed => "request_malformed",
        Reason.RequestTooLarge => "request_too_large",
        Reason.RateLimited => "rate_limited",
        Reason.CredentialUnavailable => "credential_unavailable",
        Reason.AuditUnavailable => "audit_unavailable",
        Reason.UpstreamUnreachable => "upstream_unreachable",
        Reason.UpstreamTimeout => "upstream_timeout",
        _ => "state_unavailable",
    };

    public static int Status(this Reason reason) => reason switch
    {
        Reason.IdentityMissing or Reason.IdentityInvalid or Reason.ProofRequired => StatusCodes.Status401Unauthorized,
        Reason.PolicyDenied or Reason.DestinationForbidden or Reason.AgentSuspended => StatusCodes.Status403Forbidden,
        Reason.TaskRequired or Reason.TaskUnknown or Reason.TaskEnded => StatusCodes.Status403Forbidden,
        Reason.ToolUnknown or Reason.OperationUnknown => StatusCodes.Status404NotFound,
        Reason.RequestMalformed => StatusCodes.Status400BadRequest,
        Reason.RequestTooLarge => StatusCodes.Status413PayloadTooLarge,
        Reason.RateLimited => StatusCodes.Status429TooManyRequests,
        Reason.UpstreamUnreachable => StatusCodes.Status502BadGateway,
        Reason.UpstreamTimeout => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status503ServiceUnavailable,
    };

    public static string Title(this Reason reason) => reason switch
    {
        Reason.IdentityMissing => "No identity was presented",
        Reason.IdentityInvalid => "The identity was not accepted",
        Reason.ProofRequired => "The token needs a proof of possession",
        Reason.PolicyDenied => "Policy denies this call",
        Reason.AgentSuspended => "The agent is suspended",
        Reason.TaskRequired => "The call needs a task",
        Reason.TaskUnknown => "The task is unknown",
        Reason.TaskEnded => "The task has ended",
        Reason.ToolUnknown => "No tool has this path",
        Reason.OperationUnknown => "The tool has no such operation",
        Reason.DestinationForbidden => "The destination is not allowed",
        Reason.RequestMalformed => "The request is ambiguous or malformed",
        Reason.RequestTooLarge => "The request is too large",
        Reason.RateLimited => "This was asked for too often",
        Reason.CredentialUnavailable => "No credential can be obtained at the moment",
        Reason.AuditUnavailable => "The call log cannot be written",
        Reason.UpstreamUnreachable => "The upstream cannot be reached",
        Reason.UpstreamTimeout => "The upstream did not answer in time",
        _ => "The gateway cannot decide this call",
    };

    /// <summary>The value of <c>WWW-Authenticate</c> (RFC 6750 §3); null where the status needs none.</summary>
    public static string? Challenge(this Reason reason) => reason switch
    {
        Reason.IdentityMissing => "Bearer realm=\"gateway\"",
        Reason.IdentityInvalid or Reason.ProofRequired => "Bearer realm=\"gateway\", error=\"invalid_token\"",
        _ => null,
    };
}
