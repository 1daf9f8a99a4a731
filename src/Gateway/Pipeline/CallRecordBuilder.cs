using System.Diagnostics;
using Gateway.Core.Audit;
using Gateway.Core.Policy;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Pipeline;

/// <summary>What the log keeps of a call: decided facts, no body, and of header values and query only what the tool opts in.</summary>
internal static class CallRecordBuilder
{
    public static CallRecord Build(Call call, TimeSpan duration)
    {
        var context = call.Http;
        var legacy = call.Lease is { } lease && call.Snapshot.Credentials.TryGetValue(lease.Credential, out var definition) && definition.IsLegacy ? definition : null;
        return new CallRecord
        {
            Call = call.Id,
            StartedAt = call.StartedAt,
            Duration = duration,
            UpstreamDuration = call.UpstreamDuration,
            Forwarded = call.Forwarded,
            Interrupted = call.Interruption is not null,
            Reason = call.Refusal?.Reason.Name(),
            Detail = call.Refusal is { } refusal ? refusal.RecordDetail ?? refusal.Detail : call.Interruption,
            Status = StatusOf(call, context.Response),
            Agent = call.Agent?.Id,
            ClaimedAgent = call.Agent is null ? call.FailedIdentity.ClaimedAgent : null,
            Issuer = call.Agent?.Issuer ?? call.FailedIdentity.Issuer,
            IdentityMethod = call.Agent?.Method,
            ProofOfPossession = call.Agent?.ProofOfPossession ?? false,
            TokenId = call.Agent?.TokenId,
            TokenIssuedAt = call.Agent?.IssuedAt,
            TokenExpiresAt = call.Agent?.ExpiresAt is { } end && end != DateTimeOffset.MaxValue ? end : null,
            Task = call.Scope?.Task?.Id,
            User = call.Scope?.Task?.Definition.User,
            Delegation = Delegation(call),
            Transaction = call.Scope?.Task?.Definition.Transaction,
            Tool = call.Tool?.Name,
            ToolLabels = call.Tool?.Labels ?? [],
            Operation = call.OperationName,
            Method = context.Request.Method,
            Path = call.Tool is null ? RawPath(context) : call.UpstreamPath.Length == 0 ? "/" : call.UpstreamPath,
            ParameterNames = call.Parameters.Count == 0 ? [] : [.. call.Parameters.Select(p => p.Key)],
            HttpVersion = Version(context.Request.Protocol),
            SourceIp = call.SourceIp,
            SourcePort = context.Connection.RemotePort,
            Destination = call.Destination,
            Decision = call.Decision is { } decision ? decision.Permitted ? "allow" : "deny" : null,
            PolicyMode = call.Decision is null ? null : call.Snapshot.EnforcesPolicy ? "enforce" : "observe",
            Policies = call.Decision?.Policies ?? [],
            PolicyErrors = call.Decision?.Errors ?? [],
            PolicyVersion = call.Decision is { PolicyVersion: { Length: > 0 } version } ? version : null,
            DecisionId = call.Decision?.DecisionId,
            Credential = call.Lease?.Credential,
            Lease = call.Lease?.Id,
            LeaseFingerprint = call.Lease?.Fingerprint,
            LeaseScope = call.Lease?.Scope,
            LeaseIssuedAt = call.Lease?.IssuedAt,
            LeaseExpiresAt = call.Lease?.ExpiresAt,
            LegacyOwner = legacy?.Owner,
            LegacyNotAfter = legacy?.NotAfter,
            LegacyExpires = legacy?.Expires(call.StartedAt) == true,
            Suspicion = Suspicions.Of(call),
            Obligations = call.Decision is { } asked ? Obligations(asked) : [],
            LoggedQuery = call.Tool?.Logged?.Query(call.Query),
            LoggedHeaders = call.Tool?.Logged?.Headers(context.Request.Headers) ?? [],
            Intent = call.Intent,
            RequestBytes = call.Forwarded ? call.RequestBytes : null,
            ResponseBytes = call.Forwarded ? call.ResponseBytes : null,
            TraceId = Activity.Current?.TraceId.ToHexString(),
        };
    }

    /// <summary>Whoever was to be told how the call ended and was told nothing had gone.</summary>
    private static int StatusOf(Call call, HttpResponse response) =>
        !response.HasStarted && (call.Refusal is not null || call.Interruption is not null) ? StatusCodes.Status499ClientClosedRequest : response.StatusCode;

    /// <summary>The advice is left out: it is the agent's, and as long as its author liked.</summary>
    private static IReadOnlyList<string> Obligations(Decision decision) =>
        decision is { Credential: null, Scope: null, Lifetime: null, OnDeny: DenyAction.None } ? []
        : [.. from obligation in new (string Name, string? Value)[]
          {
              ("credential", decision.Credential),
              ("scope", decision.Scope),
              ("lifetime", decision.Lifetime?.ToString("c")),
              ("on_deny", decision.OnDeny switch { DenyAction.EndTask => "end-task", DenyAction.SuspendAgent => "suspend-agent", _ => null }),
          }
              where obligation.Value is not null
              select $"{obligation.Name}: {obligation.Value}"];

    private static IReadOnlyList<string> Delegation(Call call) =>
        call.Scope?.Task?.Definition.Chain is { Count: > 1 } chain ? chain
        : call.Agent is { OnBehalfOf: { } subject } agent ? [agent.Id, .. agent.EarlierActors, subject]
        : [];

    /// <summary>Without the query, which may hold anything.</summary>
    private static string RawPath(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target[..query];
    }

    private static string Version(string protocol) => protocol switch
    {
        "HTTP/1.1" => "1.1",
        "HTTP/2" => "2",
        "HTTP/3" => "3",
        "HTTP/1.0" => "1.0",
        _ => "",
    };
}
