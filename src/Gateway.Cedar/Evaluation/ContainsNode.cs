using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

/// <summary><c>contains</c>, <c>containsAll</c> and <c>containsAny</c>.</summary>
internal sealed class ContainsNode(BinaryOperator operation, Node left, Node right, SourceSpan span) : Node
{
    public override CedarValue Evaluate(in EvaluationFrame frame)
    {
        var first = left.Evaluate(frame);
        if (first.SetOrNull is not { } set)
        {
            return EvaluationError.WrongType(span, first, "set");
        }

        var second = right.Evaluate(frame);
        if (second.Error is not null)
        {
            return second;
        }

        if (operation == BinaryOperator.Contains)
        {
            return CedarValue.From(set.Contains(second));
        }

        if (second.SetOrNull is not { } other)
        {
            return EvaluationError.WrongType(span, second, "set");
        }

        return CedarValue.From(operation == BinaryOperator.ContainsAll ? set.ContainsAll(other) : set.ContainsAny(other));
    }
}
