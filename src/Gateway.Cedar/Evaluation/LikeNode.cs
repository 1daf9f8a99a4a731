using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

internal sealed class LikeNode(Node target, LikePattern pattern, SourceSpan span) : Node
{
    public override CedarValue Evaluate(in EvaluationFrame frame)
    {
        var value = target.Evaluate(frame);
        return value.StringOrNull is { } text
            ? CedarValue.From(pattern.Matches(text))
            : EvaluationError.WrongType(span, value, "string");
    }
}
