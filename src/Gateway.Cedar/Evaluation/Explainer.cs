using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

/// <summary>Follows a request through a policy and finds what stopped it; for people, not for the hot path.</summary>
internal static class Explainer
{
    public static PolicyExplanation Explain(Policy policy, in EvaluationFrame frame)
    {
        var (principal, action, resource) = MatchScope(policy, frame);
        var value = policy.EvaluateConditions(frame);
        var failed = value.IsFalse ? FindFailed(policy, frame) : null;
        return new(policy)
        {
            PrincipalMatches = principal,
            ActionMatches = action,
            ResourceMatches = resource,
            IsSatisfied = principal && action && resource && value.IsTrue,
            FailedCondition = failed is null ? null : TextOf(policy, failed),
            FailedAt = failed is null ? null : policy.Syntax.Source.PositionOf(failed.Span.Start),
            Error = value.Error is { } error ? new(policy, error) : null,
        };
    }

    public static (bool Principal, bool Action, bool Resource) MatchScope(Policy policy, in EvaluationFrame frame) => (
        IsMet(policy.Syntax.Principal, Variable.Principal, frame),
        IsMet(policy.Syntax.Action, Variable.Action, frame),
        IsMet(policy.Syntax.Resource, Variable.Resource, frame));

    private static bool IsMet(ScopeConstraint constraint, Variable variable, in EvaluationFrame frame) =>
        ScopeExpression.Of(constraint, variable) is not { } expression || Compiler.Compile(expression).Evaluate(frame).IsTrue;

    private static Expression? FindFailed(Policy policy, in EvaluationFrame frame)
    {
        for (var i = 0; i < policy.Conditions.Length; i++)
        {
            var clause = policy.Syntax.Conditions[i];
            if (policy.Conditions[i].Evaluate(frame).IsTrue != clause.IsWhen)
            {
                return clause.IsWhen ? FindFirstFalse(clause.Body, frame) : clause.Body;
            }
        }

        return null;
    }

    // Of `a && b && c` only the first that is false is to blame.
    private static Expression FindFirstFalse(Expression expression, in EvaluationFrame frame)
    {
        while (expression is Expression.And and)
        {
            var next = expression;
            foreach (var operand in and.Operands)
            {
                if (Compiler.Compile(operand).Evaluate(frame).IsFalse)
                {
                    next = operand;
                    break;
                }
            }

            if (ReferenceEquals(next, expression))
            {
                break;
            }

            expression = next;
        }

        return expression;
    }

    private static string TextOf(Policy policy, Expression expression) =>
        expression.Span.Length > 0
            ? policy.Syntax.Source.Text.Substring(expression.Span.Start, expression.Span.Length)
            : ExpressionPrinter.Print(expression);
}
