namespace Gateway.Cedar.Evaluation;

internal sealed class ConstantNode(CedarValue value) : Node
{
    public CedarValue Value { get; } = value;

    public override CedarValue Evaluate(in EvaluationFrame frame) => Value;
}
