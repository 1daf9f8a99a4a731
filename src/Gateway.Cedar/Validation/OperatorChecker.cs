using System.Collections.Immutable;
using Gateway.Cedar.Schemas;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Validation;

/// <summary>Checks the operators of two operands.</summary>
internal sealed class OperatorChecker(ValidationReport report, TypeChecker types, AttributeChecker attributes, EntityRelationChecker relations)
{
    public Typed Check(Expression.Binary binary, ImmutableHashSet<string> known)
    {
        switch (binary.Operator)
        {
            case BinaryOperator.Equal:
                return CheckEqual(binary, known);
            case BinaryOperator.NotEqual:
                return CheckEqual(binary, known).Type is CedarType.Boolean { Value: { } value }
                    ? new(CedarType.Of(!value))
                    : new(CedarType.AnyBoolean);
            case BinaryOperator.In:
                return relations.CheckIn(binary.Left, binary.Right, known);
            case BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply:
                types.Expect(binary.Left, known, CedarType.Integer);
                types.Expect(binary.Right, known, CedarType.Integer);
                return new(CedarType.Integer);
            case BinaryOperator.Contains:
                return CheckContains(binary, known);
            case BinaryOperator.ContainsAll or BinaryOperator.ContainsAny:
                var left = types.Expect(binary.Left, known, CedarType.AnySet);
                var right = types.Expect(binary.Right, known, CedarType.AnySet);
                types.JoinOrReport(binary.Span, [left.Type, right.Type], "the two sets must have elements of one type");
                return new(CedarType.AnyBoolean);
            case BinaryOperator.HasTag or BinaryOperator.GetTag:
                return attributes.CheckTag(binary, known);
            default:
                return CheckComparison(binary, known);
        }
    }

    private Typed CheckEqual(Expression.Binary binary, ImmutableHashSet<string> known)
    {
        var left = types.Check(binary.Left, known);
        var right = types.Check(binary.Right, known);
        if (left.Type is not null && right.Type is not null && TypeRelations.AreDisjoint(left.Type, right.Type))
        {
            return new(CedarType.False);
        }

        if (relations.WithAction(binary.Left) is Expression.Literal one && relations.WithAction(binary.Right) is Expression.Literal other)
        {
            return new(CedarType.Of(one.Value == other.Value));
        }

        types.JoinOrReport(binary.Span, [left.Type, right.Type], "what is compared must have one type");
        return new(CedarType.AnyBoolean);
    }

    private Typed CheckContains(Expression.Binary binary, ImmutableHashSet<string> known)
    {
        var set = types.Expect(binary.Left, known, CedarType.AnySet);
        var element = types.Check(binary.Right, known);
        if (set.Type is CedarType.Set { Element: { } expected })
        {
            types.JoinOrReport(binary.Span, [expected, element.Type], "what is looked for must have the type of the set's elements");
        }

        return new(CedarType.AnyBoolean);
    }

    private Typed CheckComparison(Expression.Binary binary, ImmutableHashSet<string> known)
    {
        var left = types.Check(binary.Left, known).Type;
        var right = types.Check(binary.Right, known).Type;
        if (left is not null && right is not null && !(IsOrdered(left) && left.Equals(right)))
        {
            report.Error(
                binary.Span,
                $"`{ExpressionPrinter.Symbol(binary.Operator)}` compares two of `Long`, `datetime` or `duration`, found `{left}` and `{right}`");
        }

        return new(CedarType.AnyBoolean);
    }

    private static bool IsOrdered(CedarType type) =>
        type is CedarType.Long or CedarType.Extension { Kind: ValueKind.DateTime or ValueKind.Duration };
}
