using Gateway.Cedar.Schemas;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Validation;

/// <summary>Checks that some action of the scope applies to some principal and some resource of the scope.</summary>
internal static class ScopeChecker
{
    public static void Check(CedarSchema schema, PolicySyntax policy, ValidationReport report)
    {
        foreach (var action in ActionsOf(schema, policy.Action))
        {
            if (action.PrincipalTypes.Any(type => Fits(schema, policy.Principal, type))
                && action.ResourceTypes.Any(type => Fits(schema, policy.Resource, type)))
            {
                return;
            }
        }

        report.Error(policy.Span, "no action of the scope applies to a principal and a resource of the scope");
    }

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

        return schema.Actions.Values.Where(action =>
            constraint.Entities.Contains(action.Uid)
            || (constraint.Kind != ScopeKind.Equal && constraint.Entities.Any(action.Ancestors.Contains)));
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

    /// <summary>Whether an entity of one type may be in one of another.</summary>
    public static bool CanBeIn(CedarSchema schema, string type, string container) =>
        type == container
        || (schema.EntityTypes.TryGetValue(type, out var definition) && definition.Ancestors.Contains(container));
}
