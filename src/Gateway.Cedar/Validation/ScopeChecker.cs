using Gateway.Cedar.Schemas;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Validation;

/// <summary>Finds the kinds of requests that a policy's scope admits.</summary>
internal static class ScopeChecker
{
    /// <summary>The kinds of requests; in all others the scope is certainly false, and the conditions are never looked at.</summary>
    public static IEnumerable<RequestEnvironment> EnvironmentsOf(CedarSchema schema, PolicySyntax policy)
    {
        foreach (var action in ActionsOf(schema, policy.Action))
        {
            foreach (var principal in action.PrincipalTypes)
            {
                if (!Fits(schema, policy.Principal, principal))
                {
                    continue;
                }

                foreach (var resource in action.ResourceTypes)
                {
                    if (Fits(schema, policy.Resource, resource))
                    {
                        yield return new(principal, action, resource);
                    }
                }
            }
        }
    }

    /// <summary>Strict validation wants the elements of a set to have one type, those of a list of actions too; a principal that never fits keeps it from looking.</summary>
    public static bool HasMixedActions(CedarSchema schema, PolicySyntax policy) =>
        policy.Action.Entities.DistinctBy(static action => action.Type).Count() > 1
        && schema.Actions.Values.Any(action =>
            !action.ResourceTypes.IsEmpty && action.PrincipalTypes.Any(type => Fits(schema, policy.Principal, type)));

    /// <summary>Whether an entity of one type may be in one of another.</summary>
    public static bool CanBeIn(CedarSchema schema, string type, string container) =>
        type == container
        || (schema.EntityTypes.TryGetValue(type, out var definition) && definition.Ancestors.Contains(container));

    private static IEnumerable<ActionDefinition> ActionsOf(CedarSchema schema, ScopeConstraint constraint)
    {
        if (constraint.Kind == ScopeKind.Any)
        {
            return schema.Actions.Values;
        }

        if (!constraint.Entities.All(schema.Actions.ContainsKey))
        {
            return [];
        }

        return constraint.Kind == ScopeKind.Equal
            ? [schema.Actions[constraint.Entity]]
            : constraint.Entities.SelectMany(schema.ActionsIn).Distinct();
    }

    private static bool Fits(CedarSchema schema, ScopeConstraint constraint, string type) => constraint.Kind switch
    {
        ScopeKind.Any => true,
        ScopeKind.Is => constraint.EntityType == type,
        ScopeKind.IsIn when constraint.EntityType != type => false,
        _ when constraint.IsSlot => true,
        ScopeKind.Equal => constraint.Entity.Type == type,
        _ => CanBeIn(schema, type, constraint.Entity.Type),
    };
}
