namespace Gateway.Core.Audit;

/// <summary>What OCSF's security_control profile says of a call.</summary>
/// <param name="ActionId">1 Allowed, 2 Denied. Whatever was forwarded was allowed, also where it was cut off afterwards.</param>
/// <param name="DispositionId">1 Allowed, 2 Blocked, 23 Challenge, 24 Access Revoked, 27 Error.</param>
/// <param name="SeverityId">1 Informational, 2 Low, 3 Medium, 4 High.</param>
/// <param name="Succeeded">Whether the agent got what it asked for; null where nobody knows.</param>
internal readonly record struct CallOutcome(int ActionId, int DispositionId, int SeverityId, bool? Succeeded)
{
    public const string IdentityMissing = "identity_missing";
    public const string IdentityInvalid = "identity_invalid";
    public const string ProofRequired = "proof_required";

    public const int Allowed = 1;
    public const int Denied = 2;

    private const int Blocked = 2;
    private const int Challenge = 23;
    private const int AccessRevoked = 24;
    private const int Error = 27;

    private const int Informational = 1;
    private const int Low = 2;
    private const int Medium = 3;
    private const int High = 4;

    /// <summary>A reason that is not known here counts as a refusal.</summary>
    public static CallOutcome Of(CallRecord record) => record.Reason switch
    {
        null when record.Interrupted => new(record.Forwarded || record.Decision == "allow" ? Allowed : Denied, Error, Low, record.Status == CallRecord.UnknownStatus ? null : false),
        null => new(Allowed, Allowed, Informational, record.Status < 400),
        "upstream_unreachable" or "upstream_timeout" => new(Allowed, Error, Low, false),
        "task_ended" or "agent_suspended" when record.Forwarded => new(Allowed, AccessRevoked, Medium, false),
        _ when record.Forwarded => new(Allowed, Error, Low, false),
        "credential_unavailable" or "state_unavailable" or "audit_unavailable" => new(Denied, Error, High, false),
        "approval_required" => new(Denied, Challenge, Low, false),
        "policy_denied" or "agent_suspended" or "destination_forbidden" or IdentityInvalid or ProofRequired => new(Denied, Blocked, Medium, false),
        _ => new(Denied, Blocked, Low, false),
    };
}
