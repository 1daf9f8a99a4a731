using System.Text;

namespace Gateway.Cedar.Syntax;

/// <summary>Prints a policy from its parts, for policies that have no text of their own.</summary>
internal static class PolicyPrinter
{
    public static string Print(PolicySyntax policy)
    {
        var text = new StringBuilder();
        foreach (var annotation in policy.Annotations)
        {
            text.Append('@').Append(annotation.Name);
            if (annotation.Value is not null)
            {
                text.Append('(').Append(StringLiteral.Encode(annotation.Value)).Append(')');
            }

            text.Append('\n');
        }

        text.Append(policy.Effect == Effect.Permit ? "permit (" : "forbid (");
        AppendScope(text, policy.Principal, Variable.Principal);
        text.Append(", ");
        AppendScope(text, policy.Action, Variable.Action);
        text.Append(", ");
        AppendScope(text, policy.Resource, Variable.Resource);
        text.Append(')');
        foreach (var condition in policy.Conditions)
        {
            text.Append(condition.IsWhen ? "\nwhen { " : "\nunless { ").Append(ExpressionPrinter.Print(condition.Body)).Append(" }");
        }

        return text.Append(";\n").ToString();
    }

    private static void AppendScope(StringBuilder text, ScopeConstraint constraint, Variable variable)
    {
        var name = ScopeParser.NameOf(variable);
        text.Append(name);
        if (constraint.EntityType is not null)
        {
            text.Append(" is ").Append(constraint.EntityType);
        }

        switch (constraint.Kind)
        {
            case ScopeKind.Any or ScopeKind.Is:
                break;
            case ScopeKind.InAny:
                text.Append(" in [").AppendJoin(", ", constraint.Entities).Append(']');
                break;
            default:
                text.Append(constraint.Kind == ScopeKind.Equal ? " == " : " in ");
                text.Append(constraint.IsSlot ? "?" + name : constraint.Entity.ToString());
                break;
        }
    }
}
