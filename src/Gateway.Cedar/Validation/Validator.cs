using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Validation;

/// <summary>Validates every policy of a set for every kind of request that the schema allows.</summary>
internal static class Validator
{
    public static IReadOnlyList<Diagnostic> Validate(CedarSchema schema, PolicySet policies)
    {
        var environments = schema.Actions.Values
            .SelectMany(static action => action.PrincipalTypes
                .SelectMany(principal => action.ResourceTypes.Select(resource => new RequestEnvironment(principal, action, resource))))
            .ToArray();
        var findings = new List<Diagnostic>();
        foreach (var policy in policies.Policies)
        {
            var report = new ValidationReport(policy.Id, policy.Syntax.Source);
            if (policy.TemplateId is null)
            {
                ValidatePolicy(schema, environments, policy.Syntax, report);
            }
            else
            {
                // The template itself was validated for whatever its slots may hold.
                LiteralChecker.CheckScope(schema, policy.Syntax, report);
                ScopeChecker.Check(schema, policy.Syntax, report);
            }

            findings.AddRange(report.InOrder());
        }

        foreach (var template in policies.Templates)
        {
            var report = new ValidationReport(template.Id, template.Syntax.Source);
            ValidatePolicy(schema, environments, template.Syntax, report);
            findings.AddRange(report.InOrder());
        }

        return findings;
    }

    private static void ValidatePolicy(CedarSchema schema, RequestEnvironment[] environments, PolicySyntax policy, ValidationReport report)
    {
        LiteralChecker.CheckScope(schema, policy, report);
        LiteralChecker.CheckConditions(schema, policy, report);
        ScopeChecker.Check(schema, policy, report);
        var printed = new Dictionary<Expression, string>(ReferenceEqualityComparer.Instance);
        var conditions = ConditionsOf(policy).ToArray();
        var canApply = false;
        foreach (var environment in environments)
        {
            canApply |= !new TypeChecker(schema, environment, report, printed).CheckAll(conditions).IsFalse;
        }

        if (!canApply)
        {
            report.Warning(policy.Span, "the policy can never apply to a request that the schema allows");
        }
    }

    private static IEnumerable<Expression> ConditionsOf(PolicySyntax policy)
    {
        (ScopeConstraint, Variable)[] scope =
            [(policy.Principal, Variable.Principal), (policy.Action, Variable.Action), (policy.Resource, Variable.Resource)];
        foreach (var (constraint, variable) in scope)
        {
            if (ScopeExpression.Of(constraint, variable) is { } expression)
            {
                yield return expression;
            }
        }

        foreach (var clause in policy.Conditions)
        {
            yield return clause.IsWhen ? clause.Body : new Expression.Not(clause.Body, clause.Body.Span);
        }
    }
}
