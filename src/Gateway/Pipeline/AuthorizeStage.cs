using Gateway.Core.Policy;
using Gateway.Core.Tasks;
using Gateway.Tasks;

namespace Gateway.Pipeline;

/// <summary>Asks policy. The decision is recorded whether it permits or not.</summary>
internal sealed class AuthorizeStage(CallHistory history, DenialPolicy denials, TimeProvider clock) : ICallStage
{
    public ValueTask<Verdict> RunAsync(Call call, CancellationToken cancellationToken)
    {
        if (call.Agent is not { } agent || call.Tool is not { } tool || call.OperationName is not { } operation)
        {
            return default;
        }

        var request = call.Http.Request;
        var now = clock.GetUtcNow();
        var past = history.Begin(agent.Id, now);
        var pending = call.Snapshot.Policy.DecideAsync(
            new AuthorizationRequest
            {
                CallId = call.Id,
                Agent = agent,
                Tool = tool.Name,
                Operation = operation,
                Method = request.Method,
                Path = call.PolicyPath,
                Query = call.Query.Length == 0 ? "" : call.Query[1..],
                ContentType = request.ContentType,
                ContentLength = request.ContentLength ?? (RequestHasBody(call) ? -1 : 0),
                SourceIp = call.SourceIp,
                Parameters = call.Parameters,
                Intent = call.Intent,
                Task = call.Scope?.Task is { } task ? Facts(task, now) : null,
                History = past,
                Now = now,
            },
            cancellationToken);
        return pending.IsCompletedSuccessfully ? new(Conclude(call, past, pending.GetAwaiter().GetResult())) : AwaitAsync(call, past, pending);
    }

    private async ValueTask<Verdict> AwaitAsync(Call call, CallHistoryView past, ValueTask<Decision> pending) => Conclude(call, past, await pending);

    private Verdict Conclude(Call call, CallHistoryView past, Decision decision)
    {
        call.Decision = decision;
        call.MayProceed = decision.Permitted || !call.Snapshot.EnforcesPolicy;
        past.Decided(call.Tool?.Name ?? "", call.MayProceed);
        if (call.MayProceed)
        {
            return Verdict.Continue;
        }

        denials.Apply(call, decision);
        return Verdict.Refuse(Reason.PolicyDenied, decision.Advice ?? DefaultAdvice(decision), RecordDetail(decision));
    }

    private static TaskFacts Facts(AgentTask task, DateTimeOffset now)
    {
        var definition = task.Definition;

        // Calls counts this one too.
        return new TaskFacts(task.Id, definition.Purpose, definition.User, definition.Depth, task.Calls - 1, definition.ExpiresAt - now);
    }

    private static bool RequestHasBody(Call call) =>
        call.Http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;

    private static string DefaultAdvice(Decision decision) => decision.Policies.Count == 0
        ? "No policy permits this call."
        : "A policy forbids this call.";

    private static string RecordDetail(Decision decision) => decision.Explanation
        ?? (decision.Policies.Count == 0 ? "No policy permits the call." : "The named policies forbid the call.");
}
