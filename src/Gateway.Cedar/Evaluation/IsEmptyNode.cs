using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

internal sealed class IsEmptyNode(Node operand, SourceSpan span) : Node
{
    public override CedarValue Evaluate(in EvaluationFrame frame)
    {
        var value = operand.Evaluate(frame);
        return value.SetOrNull is { } set
            ? CedarValue.From(set.Count == 0)
            : EvaluationError.WrongType(span, value, "set");
    }
}
