using System.Collections.Immutable;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

/// <summary>Leaves out of conditions what only a request's context can tell.</summary>
internal static class ContextPruning
{
    /// <summary>Weaker conditions: they hold wherever the given ones could hold under some context.</summary>
    public static ImmutableArray<ConditionSyntax> WithoutContext(ImmutableArray<ConditionSyntax> clauses) =>
        [.. clauses.Select(Prune).OfType<ConditionSyntax>()];

    public static bool ReadsContext(Expression expression) =>
        ExpressionWalk.All(expression).Any(static e => e is Expression.VariableReference { Variable: Variable.Context });

    /// <returns>Null where nothing of the clause is left.</returns>
    private static ConditionSyntax? Prune(ConditionSyntax clause)
    {
        if (!ReadsContext(clause.Body))
        {
            return clause;
        }

        // Of an `unless` no term can be left out: without it the rest might hold, and the clause fail.
        return clause is { IsWhen: true, Body: Expression.And chain } && chain.Operands.RemoveAll(ReadsContext) is { IsEmpty: false } certain
            ? clause with { Body = certain.Length == 1 ? certain[0] : new Expression.And(certain, chain.Span) }
            : null;
    }
}
