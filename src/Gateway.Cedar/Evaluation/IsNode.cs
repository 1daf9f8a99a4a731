using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

internal sealed class IsNode(Node target, string entityType, SourceSpan span) : Node
{
    public override CedarValue Evaluate(in EvaluationFrame frame)
    {
        var value = target.Evaluate(frame);
        return value.EntityOrNull is { } entity
            ? CedarValue.From(string.Equals(entity.Type, entityType, StringComparison.Ordinal))
            : EvaluationError.WrongType(span, value, "entity");
    }
}
