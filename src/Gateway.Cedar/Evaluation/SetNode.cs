namespace Gateway.Cedar.Evaluation;

internal sealed class SetNode(Node[] elements) : Node
{
    public override CedarValue Evaluate(in EvaluationFrame frame)
    {
        var values = new CedarValue[elements.Length];
        for (var i = 0; i < elements.Length; i++)
        {
            values[i] = elements[i].Evaluate(frame);
            if (values[i].Error is not null)
            {
                return values[i];
            }
        }

        return CedarValue.From(CedarSet.Create(values));
    }
}
