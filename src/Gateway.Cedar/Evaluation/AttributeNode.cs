using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

internal sealed class AttributeNode(Node target, string name, SourceSpan span) : Node
{
    private readonly AttributeSite _site = new(name);

    public override CedarValue Evaluate(in EvaluationFrame frame)
    {
        var owner = target.Evaluate(frame);
        if (owner.RecordOrNull is { } record)
        {
            var value = _site.Read(record);
            return value.IsNone
                ? EvaluationError.Of(EvaluationErrorKind.MissingAttribute, span, "the record", name)
                : value;
        }

        return owner.EntityOrNull is { } uid
            ? ReadFrom(frame, uid)
            : EvaluationError.WrongType(span, owner, "record or entity");
    }

    private CedarValue ReadFrom(in EvaluationFrame frame, EntityUid uid)
    {
        var entity = frame.Find(uid);
        if (entity is null)
        {
            return EvaluationError.Of(EvaluationErrorKind.MissingEntity, span, uid, name);
        }

        var value = _site.Read(entity.Attributes);
        return value.IsNone
            ? EvaluationError.Of(EvaluationErrorKind.MissingAttribute, span, $"`{uid}`", name)
            : value;
    }
}
