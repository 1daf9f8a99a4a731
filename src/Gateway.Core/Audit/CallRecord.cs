using System.Net;

namespace Gateway.Core.Audit;

/// <summary>Everything that is recorded of one call. Holds no secret, no token, no body, and of query and header fields only what the tool opts in.</summary>
internal sealed class CallRecord : AuditRecord
{
    /// <summary>In place of the status where nobody knows what the agent saw.</summary>
    public const int UnknownStatus = 0;

    /// <summary>The call's id, as in <c>Gateway-Call</c>: a UUIDv7.</summary>
    public required string Call { get; init; }

    public override string Uid => Call;

    public required DateTimeOffset StartedAt { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>The part of <see cref="Duration"/> spent waiting for and streaming to and from the upstream; null where it was not reached.</summary>
    public TimeSpan? UpstreamDuration { get; init; }

    /// <summary>Whether the request was sent (or begun to be sent) to an upstream.</summary>
    public bool Forwarded { get; init; }

    /// <summary>Whether the agent or the upstream broke off before the response had ended.</summary>
    public bool Interrupted { get; init; }

    /// <summary>The contract's reason of a refusal ("policy_denied"); null where the call was not refused.</summary>
    public string? Reason { get; init; }

    /// <summary>One sentence for the SOC: which check failed. Never an issuer's words.</summary>
    public string? Detail { get; init; }

    /// <summary>The status that the agent saw, or <see cref="UnknownStatus"/>.</summary>
    public required int Status { get; init; }

    /// <summary>The verified agent; null where identity was refused.</summary>
    public string? Agent { get; init; }

    /// <summary>Who an unverified token claimed to be; only where <see cref="Agent"/> is null.</summary>
    public string? ClaimedAgent { get; init; }

    public string? Issuer { get; init; }

    /// <summary>"jwt", "x509-svid", "jwt-svid", "unix-peer".</summary>
    public string? IdentityMethod { get; init; }

    public bool ProofOfPossession { get; init; }

    /// <summary>Identifier of the agent's token, safe to log.</summary>
    public string? TokenId { get; init; }

    public DateTimeOffset? TokenIssuedAt { get; init; }

    public DateTimeOffset? TokenExpiresAt { get; init; }

    /// <summary>The task that the call was made under; null where there was none, or none that the agent may use.</summary>
    public string? Task { get; init; }

    /// <summary>On whose behalf, as the task says; null where it names nobody.</summary>
    public string? User { get; init; }

    /// <summary>Who delegated to whom, the calling agent first; empty where it acts for itself.</summary>
    public IReadOnlyList<string> Delegation { get; init; } = [];

    /// <summary>The transaction (<c>txn</c>) that the task belongs to; null where it was started without one.</summary>
    public string? Transaction { get; init; }

    public string? Tool { get; init; }

    /// <summary>Labels of the tool, "key:value".</summary>
    public IReadOnlyList<string> ToolLabels { get; init; } = [];

    /// <summary>What follows "&lt;tool&gt;/" in the action's id.</summary>
    public string? Operation { get; init; }

    public required string Method { get; init; }

    /// <summary>Path behind the tool's prefix as sent, without query; for calls without a tool the whole path.</summary>
    public required string Path { get; init; }

    /// <summary>Names of the path template's parameters; values are in the path anyway, query values are never recorded.</summary>
    public IReadOnlyList<string> ParameterNames { get; init; } = [];

    /// <summary>"1.1", "2" or "3".</summary>
    public required string HttpVersion { get; init; }

    public required IPAddress SourceIp { get; init; }

    public int SourcePort { get; init; }

    /// <summary>Scheme, host and port of the destination chosen; null where none was.</summary>
    public Uri? Destination { get; init; }

    public string? Decision { get; init; }

    public IReadOnlyList<string> Policies { get; init; } = [];

    public IReadOnlyList<string> PolicyErrors { get; init; } = [];

    public string? PolicyVersion { get; init; }

    /// <summary>The decision's id in an external decision point's log; null where there is none.</summary>
    public string? DecisionId { get; init; }

    /// <summary>Null or "enforce" where the decision was applied; otherwise the mode that only recorded it.</summary>
    public string? PolicyMode { get; init; }

    public string? Credential { get; init; }

    public string? Lease { get; init; }

    public string? LeaseFingerprint { get; init; }

    public string? LeaseScope { get; init; }

    public DateTimeOffset? LeaseIssuedAt { get; init; }

    public DateTimeOffset? LeaseExpiresAt { get; init; }

    /// <summary>Who answers for the long-lived secret that was used; null where the credential is none.</summary>
    public string? LegacyOwner { get; init; }

    /// <summary>When that secret stops being used.</summary>
    public DateTimeOffset? LegacyNotAfter { get; init; }

    /// <summary>Whether that is near enough for its owner to act.</summary>
    public bool LegacyExpires { get; init; }

    /// <summary>What about the call itself calls for an alert.</summary>
    public AlertKind Suspicion { get; init; }

    /// <summary>What policy asked for beyond its decision: "credential", "scope", "lifetime", "on_deny", each with its value.</summary>
    public IReadOnlyList<string> Obligations { get; init; } = [];

    /// <summary>Query parameters that the tool's configuration has logged, "name=value", encoded as in a query.</summary>
    public string? LoggedQuery { get; init; }

    /// <summary>Header fields that the tool's configuration has logged.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> LoggedHeaders { get; init; } = [];

    /// <summary>The agent's <c>Gateway-Intent</c>, cut to 512 characters.</summary>
    public string? Intent { get; init; }

    /// <summary>Bytes of the request's body that were read for the upstream; null where nothing was forwarded, or nobody knows how much.</summary>
    public long? RequestBytes { get; init; }

    /// <summary>Bytes of the response's body that the agent was sent; null as for <see cref="RequestBytes"/>.</summary>
    public long? ResponseBytes { get; init; }

    /// <summary>W3C trace id, 32 hexadecimal digits; null where the call is not traced.</summary>
    public string? TraceId { get; init; }
}
