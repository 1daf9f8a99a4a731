namespace Gateway.Cedar.Evaluation;

internal sealed class EqualNode(Node left, Node right, bool isNegated) : Node
{
    public override CedarValue Evaluate(in EvaluationFrame frame)
    {
        var first = left.Evaluate(frame);
        if (first.Error is not null)
        {
            return first;
        }

        var second = right.Evaluate(frame);
        return second.Error is not null ? second : CedarValue.From(first.Equals(second) != isNegated);
    }
}
