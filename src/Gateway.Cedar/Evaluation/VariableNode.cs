using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

internal sealed class VariableNode(Variable variable) : Node
{
    public override CedarValue Evaluate(in EvaluationFrame frame) => variable switch
    {
        Variable.Principal => CedarValue.From(frame.Principal),
        Variable.Action => CedarValue.From(frame.Action),
        Variable.Resource => CedarValue.From(frame.Resource),
        _ => CedarValue.From(frame.Context),
    };
}
