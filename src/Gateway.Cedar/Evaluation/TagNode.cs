using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

/// <summary><c>hasTag</c> and <c>getTag</c>.</summary>
internal sealed class TagNode(Node target, Node tag, bool isTest, SourceSpan span) : Node
{
    public override CedarValue Evaluate(in EvaluationFrame frame)
    {
        var owner = target.Evaluate(frame);
        if (owner.EntityOrNull is not { } uid)
        {
            return EvaluationError.WrongType(span, owner, "entity");
        }

        var key = tag.Evaluate(frame);
        if (key.StringOrNull is not { } name)
        {
            return EvaluationError.WrongType(span, key, "string");
        }

        var entity = frame.Find(uid);
        CedarValue value = default;
        entity?.Tags.TryGetValue(name, out value);
        if (isTest)
        {
            return CedarValue.From(!value.IsNone);
        }

        if (entity is null)
        {
            return EvaluationError.Of(EvaluationErrorKind.MissingEntity, span, uid, name);
        }

        return value.IsNone ? EvaluationError.Of(EvaluationErrorKind.MissingTag, span, uid, detail: null) : value;
    }
}
