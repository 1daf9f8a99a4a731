using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

internal sealed class NotNode(Node operand, SourceSpan span) : Node
{
    public override CedarValue Evaluate(in EvaluationFrame frame)
    {
        var value = operand.Evaluate(frame);
        return value.Is(ScalarTag.Boolean)
            ? CedarValue.From(!value.IsTrue)
            : EvaluationError.WrongType(span, value, "bool");
    }
}
