using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

internal sealed class NegateNode(Node operand, SourceSpan span) : Node
{
    public override CedarValue Evaluate(in EvaluationFrame frame)
    {
        var value = operand.Evaluate(frame);
        if (!value.Is(ScalarTag.Long))
        {
            return EvaluationError.WrongType(span, value, "long");
        }

        return value.Number == long.MinValue
            ? EvaluationError.Of(EvaluationErrorKind.Overflow, span, subject: null, "-")
            : CedarValue.From(-value.Number);
    }
}
