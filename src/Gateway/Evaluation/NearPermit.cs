using Gateway.Cedar;

namespace Gateway.Evaluation;

/// <summary>A permit that a request almost met.</summary>
/// <param name="Policy">The permit.</param>
/// <param name="Failed">What kept it from applying: "condition", "error", "principal", "action" or "resource".</param>
/// <param name="Condition">The part of a condition that was not met, as it is written; null where something else is to blame.</param>
/// <param name="ConditionAt">Where that part stands.</param>
internal sealed record NearPermit(Cedar.Policy Policy, string Failed, string? Condition, SourcePosition? ConditionAt)
{
    public const string FailedCondition = "condition";
    public const string FailedEvaluation = "error";

    /// <summary>Orders by nearness: a scope that admits the request is nearer than one that does not.</summary>
    public int Distance => Failed is FailedCondition or FailedEvaluation ? 0 : 1;

    /// <returns>Null for a forbid, and for a permit whose scope differs in more than one part.</returns>
    public static NearPermit? From(Cedar.PolicyExplanation step)
    {
        if (step.Policy.Effect != Effect.Permit || step.IsSatisfied)
        {
            return null;
        }

        return (step.PrincipalMatches, step.ActionMatches, step.ResourceMatches) switch
        {
            (true, true, true) => new NearPermit(step.Policy, step.Error is null ? FailedCondition : FailedEvaluation, step.FailedCondition, step.FailedAt),
            (false, true, true) => new NearPermit(step.Policy, "principal", null, null),
            (true, false, true) => new NearPermit(step.Policy, "action", null, null),
            (true, true, false) => new NearPermit(step.Policy, "resource", null, null),
            _ => null,
        };
    }
}
