using System.Collections.Immutable;
using Gateway.Cedar.Schemas;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Validation;

/// <summary>Checks <c>in</c> and <c>is</c>, and tells where the schema alone decides them.</summary>
internal sealed class EntityRelationChecker(CedarSchema schema, RequestEnvironment environment, TypeChecker types)
{
    public Typed CheckIs(Expression.Is typeTest, ImmutableHashSet<string> known)
    {
        var result = types.Expect(typeTest.Target, known, CedarType.AnyEntity).Type is CedarType.Entity { Name: { } name }
            ? new Typed(CedarType.Of(name == typeTest.EntityType))
            : new Typed(CedarType.AnyBoolean);
        return typeTest.In is null
            ? result
            : types.ContinueAnd(result, new Expression.Binary(BinaryOperator.In, typeTest.Target, typeTest.In, typeTest.Span), known);
    }

    public Typed CheckIn(Expression left, Expression right, ImmutableHashSet<string> known)
    {
        var member = types.Expect(left, known, CedarType.AnyEntity).Type;
        var container = types.Expect(right, known, new CedarType.Set(CedarType.AnyEntity), CedarType.AnyEntity).Type;
        if (member is null || container is null)
        {
            return new(CedarType.AnyBoolean);
        }

        if (EntityOf(left) is { } uid && LiteralChecker.IsAction(uid.Type) && EntitiesOf(right) is { } targets)
        {
            return CheckActionIn(uid, targets);
        }

        var target = container is CedarType.Set set ? set.Element : container;
        return member is CedarType.Entity { Name: { } one } && target is CedarType.Entity { Name: { } other } && !CanBeIn(one, other)
            ? new(CedarType.False)
            : new(CedarType.AnyBoolean);
    }

    /// <summary>The expression, or the action's literal where it is the variable <c>action</c>.</summary>
    public Expression WithAction(Expression expression) =>
        expression is Expression.VariableReference { Variable: Variable.Action }
            ? new Expression.Literal(CedarValue.From(environment.Action.Uid), expression.Span)
            : expression;

    // No action is in an entity that is not an action.
    private Typed CheckActionIn(EntityUid action, IReadOnlyList<EntityUid> targets)
    {
        var actions = targets.Where(static target => LiteralChecker.IsAction(target.Type)).ToArray();
        if (actions.Length == 0)
        {
            return new(CedarType.False);
        }

        if (!actions.All(schema.Actions.ContainsKey))
        {
            return new(CedarType.AnyBoolean);
        }

        var ancestors = schema.Actions.TryGetValue(action, out var definition) ? definition.Ancestors : [];
        return new(CedarType.Of(actions.Any(target => target.Equals(action) || ancestors.Contains(target))));
    }

    private bool CanBeIn(string type, string container) =>
        ScopeChecker.CanBeIn(schema, type, container)
        || schema.Actions.Values.Any(action => action.Uid.Type == type && action.Ancestors.Any(ancestor => ancestor.Type == container));

    private EntityUid? EntityOf(Expression expression) => (WithAction(expression) as Expression.Literal)?.Value.EntityOrNull;

    private List<EntityUid>? EntitiesOf(Expression expression)
    {
        if (EntityOf(expression) is { } single)
        {
            return [single];
        }

        if (expression is not Expression.SetLiteral set)
        {
            return null;
        }

        var entities = new List<EntityUid>();
        foreach (var element in set.Elements)
        {
            if (EntityOf(element) is not { } entity)
            {
                return null;
            }

            entities.Add(entity);
        }

        return entities;
    }
}
