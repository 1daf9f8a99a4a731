namespace Gateway.Cedar.Evaluation;

internal sealed class RecordNode(RecordShape shape, Node[] attributes) : Node
{
    public override CedarValue Evaluate(in EvaluationFrame frame)
    {
        var values = new CedarValue[attributes.Length];
        for (var i = 0; i < attributes.Length; i++)
        {
            values[i] = attributes[i].Evaluate(frame);
            if (values[i].Error is not null)
            {
                return values[i];
            }
        }

        return CedarValue.From(shape.CreateRecord(values));
    }
}
