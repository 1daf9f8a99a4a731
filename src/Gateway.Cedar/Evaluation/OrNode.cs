using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

internal sealed class OrNode(Node[] operands, SourceSpan[] spans) : Node
{
    public override CedarValue Evaluate(in EvaluationFrame frame)
    {
        for (var i = 0; i < operands.Length; i++)
        {
            var value = operands[i].Evaluate(frame);
            if (!value.IsFalse)
            {
                return value.IsTrue ? value : EvaluationError.WrongType(spans[i], value, "bool");
            }
        }

        return CedarValue.False;
    }
}
