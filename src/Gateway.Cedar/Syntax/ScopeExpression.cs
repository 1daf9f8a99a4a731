using System.Collections.Immutable;

namespace Gateway.Cedar.Syntax;

/// <summary>A scope's constraint as the expression that it stands for.</summary>
internal static class ScopeExpression
{
    /// <summary>The expression; null where the constraint asks nothing, or where a slot leaves open what it asks.</summary>
    public static Expression? Of(ScopeConstraint constraint, Variable variable)
    {
        var span = constraint.Span;
        var self = new Expression.VariableReference(variable, span);
        Expression? entity = constraint.IsSlot || constraint.Entities.IsEmpty
            ? null
            : new Expression.Literal(CedarValue.From(constraint.Entity), span);
        return constraint.Kind switch
        {
            ScopeKind.Equal when entity is not null => new Expression.Binary(BinaryOperator.Equal, self, entity, span),
            ScopeKind.In when entity is not null => new Expression.Binary(BinaryOperator.In, self, entity, span),
            ScopeKind.InAny => new Expression.Binary(BinaryOperator.In, self, SetOf(constraint.Entities, span), span),
            ScopeKind.Is or ScopeKind.IsIn => new Expression.Is(self, constraint.EntityType ?? "", span, entity, span),
            _ => null,
        };
    }

    private static Expression.SetLiteral SetOf(ImmutableArray<EntityUid> entities, SourceSpan span) =>
        new([.. entities.Select(entity => new Expression.Literal(CedarValue.From(entity), span))], span);
}
