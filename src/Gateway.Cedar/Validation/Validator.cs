using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Validation;

/// <summary>Validates every policy of a set for every kind of request that the schema allows.</summary>
internal static class Validator
{
    public static IReadOnlyList<Diagnostic> Validate(CedarSchema schema, PolicySet policies)
    {
        var findings = new List<Diagnostic>();
        foreach (var policy in policies.Policies)
        {
            var report = new ValidationReport(policy.Id, policy.Syntax.Source);
            if (policy.TemplateId is null)
            {
                ValidatePolicy(schema, policy.Syntax, report);
            }
            else
            {
                // The template itself was validated for whatever its slots may hold.
                LiteralChecker.CheckSlots(schema, policy.Syntax, report);
                RequireEnvironment(policy.Syntax, ScopeChecker.EnvironmentsOf(schema, policy.Syntax).Any(), report);
            }

            findings.AddRange(report.InOrder());
        }

        foreach (var template in policies.Templates)
        {
            var report = new ValidationReport(template.Id, template.Syntax.Source);
            ValidatePolicy(schema, template.Syntax, report);
            findings.AddRange(report.InOrder());
        }

        return findings;
    }

    private static void ValidatePolicy(CedarSchema schema, PolicySyntax policy, ValidationReport report)
    {
        LiteralChecker.CheckScope(schema, policy, report);
        LiteralChecker.CheckConditions(schema, policy, report);
        var environments = (UsesAction(policy) ? ScopeChecker.EnvironmentsOf(schema, policy) : DistinctByTypes(ScopeChecker.EnvironmentsOf(schema, policy))).ToList();
        RequireEnvironment(policy, environments.Count > 0, report);
        if (ScopeChecker.HasMixedActions(schema, policy))
        {
            report.Error(policy.Action.Span, "the actions of a list must have one type, expected those of one namespace");
        }

        var printed = new Dictionary<Expression, string>(ReferenceEqualityComparer.Instance);
        Expression[] conditions =
            [.. policy.Conditions.Select(static clause => clause.IsWhen ? clause.Body : new Expression.Not(clause.Body, clause.Body.Span))];
        var canApply = false;
        foreach (var environment in environments)
        {
            canApply |= !new TypeChecker(schema, environment, report, printed).CheckAll(conditions).IsFalse;
        }

        if (!canApply && environments.Count > 0)
        {
            report.NeverApplies(policy.Span, "the policy can never apply to a request that the schema allows");
        }
    }

    private static void RequireEnvironment(PolicySyntax policy, bool hasOne, ValidationReport report)
    {
        // A name that is unknown fits nothing, which need not be said twice.
        if (!hasOne && !report.HasErrors)
        {
            report.Error(policy.Span, "no action of the scope applies to a principal and a resource of the scope");
        }
    }

    private static bool UsesAction(PolicySyntax policy) => policy.Conditions
        .SelectMany(static clause => ExpressionWalk.All(clause.Body))
        .Any(static expression => expression is Expression.VariableReference { Variable: Variable.Action });

    // A schema may have thousands of actions that share one context; a policy that does not look at the action is checked once for all.
    private static IEnumerable<RequestEnvironment> DistinctByTypes(IEnumerable<RequestEnvironment> environments)
    {
        var seen = new Dictionary<object, HashSet<(string, string)>>(ReferenceEqualityComparer.Instance);
        foreach (var environment in environments)
        {
            if (!seen.TryGetValue(environment.Action.Context, out var pairs))
            {
                seen.Add(environment.Action.Context, pairs = []);
            }

            if (pairs.Add((environment.PrincipalType, environment.ResourceType)))
            {
                yield return environment;
            }
        }
    }
}
