using Gateway.Cedar;
using Gateway.Core.Policy;

namespace Gateway.Evaluation;

/// <summary>Why a request is decided as it is.</summary>
/// <param name="Request">The question.</param>
/// <param name="Decision">The answer, as the running gateway gives it.</param>
/// <param name="Reasons">The policies that determined it.</param>
/// <param name="Errors">The policies that failed to evaluate and were skipped.</param>
/// <param name="Near">For a deny that no forbid determined: the permits that came nearest, nearest first.</param>
internal sealed record PolicyExplanation(
    AuthorizationRequest Request,
    Core.Policy.Decision Decision,
    IReadOnlyList<Cedar.Policy> Reasons,
    IReadOnlyList<PolicyError> Errors,
    IReadOnlyList<NearPermit> Near)
{
    private const int MostNear = 10;

    /// <summary>What keeps the decision from being an allow although permits agree: contradictory annotations, for one.</summary>
    public IEnumerable<string> Objections => Decision.Errors.Skip(Errors.Count);

    public static PolicyExplanation Create(AuthorizationRequest request, DecisionTrace trace)
    {
        var reasons = trace.Decision.Policies.ToHashSet(StringComparer.Ordinal);
        return new PolicyExplanation(
            request,
            trace.Decision,
            [.. trace.Steps.Select(step => step.Policy).Where(policy => reasons.Contains(policy.Id))],
            trace.Errors,
            trace.Decision.Permitted || reasons.Count > 0
                ? []
                : [.. trace.Steps.Select(NearPermit.From).OfType<NearPermit>().OrderBy(near => near.Distance).Take(MostNear)]);
    }
}
