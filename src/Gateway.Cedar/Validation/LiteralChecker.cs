using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Validation;

/// <summary>Finds entity types, actions and enumerated ids that the schema does not know, even where no request can reach them.</summary>
internal static class LiteralChecker
{
    public static void CheckScope(CedarSchema schema, PolicySyntax policy, ValidationReport report)
    {
        foreach (var constraint in (ScopeConstraint[])[policy.Principal, policy.Action, policy.Resource])
        {
            if (constraint.EntityType is not null)
            {
                CheckType(schema, constraint.EntityType, constraint.Span, report);
            }

            foreach (var entity in constraint.Entities)
            {
                CheckEntity(schema, entity, constraint.Span, report);
            }
        }
    }

    /// <summary>Checks what fills a template's slots; like the reference, by its type only.</summary>
    public static void CheckSlots(CedarSchema schema, PolicySyntax policy, ValidationReport report)
    {
        foreach (var constraint in (ScopeConstraint[])[policy.Principal, policy.Resource])
        {
            foreach (var entity in constraint.Entities)
            {
                CheckType(schema, entity.Type, constraint.Span, report);
            }
        }
    }

    public static void CheckConditions(CedarSchema schema, PolicySyntax policy, ValidationReport report)
    {
        foreach (var expression in policy.Conditions.SelectMany(static clause => ExpressionWalk.All(clause.Body)))
        {
            if (expression is Expression.Is typeTest)
            {
                CheckType(schema, typeTest.EntityType, typeTest.TypeSpan, report);
            }
            else if (expression is Expression.Literal { Value.EntityOrNull: { } entity })
            {
                CheckEntity(schema, entity, expression.Span, report);
            }
        }
    }

    public static bool IsAction(string type) => Identifiers.BaseName(type).SequenceEqual("Action");

    private static void CheckType(CedarSchema schema, string type, SourceSpan span, ValidationReport report)
    {
        if (!IsAction(type) && !schema.EntityTypes.ContainsKey(type))
        {
            report.Error(span, $"there is no entity type `{type}`{Suggestion.For(type, schema.EntityTypes.Keys)}");
        }
    }

    private static void CheckEntity(CedarSchema schema, EntityUid entity, SourceSpan span, ValidationReport report)
    {
        CheckType(schema, entity.Type, span, report);
        if (IsAction(entity.Type))
        {
            if (!schema.Actions.ContainsKey(entity))
            {
                var known = schema.Actions.Keys.Select(static uid => uid.ToString());
                report.Error(span, $"there is no action `{entity}`{Suggestion.For(entity.ToString(), known)}");
            }
        }
        else if (schema.EntityTypes.TryGetValue(entity.Type, out var type) && type.Ids is { } ids && !ids.Contains(entity.Id))
        {
            report.Error(span, $"`{entity.Type}` has no entity `{entity.Id}`{Suggestion.For(entity.Id, ids)}");
        }
    }
}
