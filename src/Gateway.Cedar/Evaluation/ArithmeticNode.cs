using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

internal sealed class ArithmeticNode(BinaryOperator operation, Node left, Node right, SourceSpan span) : Node
{
    public override CedarValue Evaluate(in EvaluationFrame frame)
    {
        var first = left.Evaluate(frame);
        if (!first.Is(ScalarTag.Long))
        {
            return EvaluationError.WrongType(span, first, "long");
        }

        var second = right.Evaluate(frame);
        if (!second.Is(ScalarTag.Long))
        {
            return EvaluationError.WrongType(span, second, "long");
        }

        var result = operation switch
        {
            BinaryOperator.Add => (Int128)first.Number + second.Number,
            BinaryOperator.Subtract => (Int128)first.Number - second.Number,
            _ => (Int128)first.Number * second.Number,
        };
        return result == (long)result
            ? CedarValue.From((long)result)
            : EvaluationError.Of(EvaluationErrorKind.Overflow, span, subject: null, Symbol);
    }

    private string Symbol => operation switch
    {
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        _ => "*",
    };
}
