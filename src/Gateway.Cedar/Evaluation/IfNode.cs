using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

internal sealed class IfNode(Node condition, Node then, Node otherwise, SourceSpan span) : Node
{
    public override CedarValue Evaluate(in EvaluationFrame frame)
    {
        var value = condition.Evaluate(frame);
        if (value.IsTrue)
        {
            return then.Evaluate(frame);
        }

        return value.IsFalse ? otherwise.Evaluate(frame) : EvaluationError.WrongType(span, value, "bool");
    }
}
