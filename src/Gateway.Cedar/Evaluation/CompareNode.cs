using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

/// <summary><c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c> of two Longs, two datetimes or two durations.</summary>
internal sealed class CompareNode(BinaryOperator operation, Node left, Node right, SourceSpan span) : Node
{
    public override CedarValue Evaluate(in EvaluationFrame frame)
    {
        var first = left.Evaluate(frame);
        if (first.Error is not null)
        {
            return first;
        }

        var second = right.Evaluate(frame);
        if (!IsOrdered(first))
        {
            return second.Error is not null ? second : EvaluationError.WrongType(span, first, "long, datetime or duration");
        }

        if (first.Kind != second.Kind)
        {
            return EvaluationError.WrongType(span, second, ValueText.NameOf(first.Kind));
        }

        return CedarValue.From(operation switch
        {
            BinaryOperator.Less => first.Number < second.Number,
            BinaryOperator.LessOrEqual => first.Number <= second.Number,
            BinaryOperator.Greater => first.Number > second.Number,
            _ => first.Number >= second.Number,
        });
    }

    private static bool IsOrdered(CedarValue value) =>
        value.Is(ScalarTag.Long) || value.Is(ScalarTag.DateTime) || value.Is(ScalarTag.Duration);
}
