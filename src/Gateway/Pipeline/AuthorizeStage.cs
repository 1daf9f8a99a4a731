using Gateway.Core.Policy;

namespace Gateway.Pipeline;

/// <summary>Asks policy. The decision is recorded whether it permits or not.</summary>
internal sealed class AuthorizeStage(TimeProvider clock) : ICallStage
{
    public ValueTask<Verdict> RunAsync(Call call, CancellationToken cancellationToken)
    {
        if (call.Agent is not { } agent || call.Tool is not { } tool || call.OperationName is not { } operation)
        {
            return default;
        }

        var request = call.Http.Request;
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
                Now = clock.GetUtcNow(),
            },
            cancellationToken);
        return pending.IsCompletedSuccessfully ? new(Conclude(call, pending.GetAwaiter().GetResult())) : AwaitAsync(call, pending);
    }

    private static async ValueTask<Verdict> AwaitAsync(Call call, ValueTask<Decision> pending) => Conclude(call, await pending);

    private static Verdict Conclude(Call call, Decision decision)
    {
        call.Decision = decision;
        call.MayProceed = decision.Permitted || !call.Snapshot.EnforcesPolicy;
        return call.MayProceed
            ? Verdict.Continue
            : Verdict.Refuse(Reason.PolicyDenied, decision.Advice ?? DefaultAdvice(decision), RecordDetail(decision));
    }

    private static bool RequestHasBody(Call call) =>
        call.Http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;

    private static string DefaultAdvice(Decision decision) => decision.Policies.Count == 0
        ? "No policy permits this call."
        : "A policy forbids this call.";

    private static string RecordDetail(Decision decision) => decision.Explanation
        ?? (decision.Policies.Count == 0 ? "No policy permits the call." : "The named policies forbid the call.");
}
