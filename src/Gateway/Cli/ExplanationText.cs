using System.Globalization;
using System.Text;
using Gateway.Evaluation;

namespace Gateway.Cli;

/// <summary>An explanation in lines for a person.</summary>
internal static class ExplanationText
{
    public static string Create(PolicyExplanation explanation, bool isEnforced)
    {
        var (request, decision) = (explanation.Request, explanation.Decision);
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{request.Agent.Id} -> {request.Tool}/{request.Operation}: {(decision.Permitted ? "allow" : "deny")}");
        if (!isEnforced)
        {
            text.AppendLine("  Policy.Mode is Observe: the call is made whatever the decision.");
        }

        if (explanation.Reasons.Count == 0)
        {
            text.AppendLine("  no policy permits it");
        }

        foreach (var policy in explanation.Reasons)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {(policy.Effect == Cedar.Effect.Permit ? "permitted" : "forbidden")} by {policy.Id} ({policy.Position})");
        }

        Append(text, "advice", decision.Advice);
        Append(text, "credential", decision.Credential);
        Append(text, "scope", decision.Scope);
        Append(text, "lifetime", decision.Lifetime?.ToString("c", CultureInfo.InvariantCulture));
        foreach (var error in explanation.Errors)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  skipped, for it failed: {error.Policy.Id} ({error.Position}): {error.Message}");
        }

        foreach (var objection in explanation.Objections)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {objection}");
        }

        foreach (var near in explanation.Near)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  near: {near.Policy.Id} ({near.Policy.Position}): {Describe(near)}");
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, string? value)
    {
        if (value is not null)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {name}: {value}");
        }
    }

    private static string Describe(NearPermit near) => near.Failed switch
    {
        NearPermit.FailedCondition => $"not met: {near.Condition} ({near.ConditionAt})",
        NearPermit.FailedEvaluation => "it failed to evaluate",
        _ => $"it is for another {near.Failed}",
    };
}
