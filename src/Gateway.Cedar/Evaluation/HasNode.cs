using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

/// <summary><c>has a.b.c</c>: false at the first step that is absent.</summary>
internal sealed class HasNode(Node target, IEnumerable<string> path, SourceSpan span) : Node
{
    private readonly AttributeSite[] _path = [.. path.Select(static name => new AttributeSite(name))];

    public override CedarValue Evaluate(in EvaluationFrame frame)
    {
        var value = target.Evaluate(frame);
        foreach (var site in _path)
        {
            if (value.RecordOrNull is { } record)
            {
                value = site.Read(record);
            }
            else if (value.EntityOrNull is { } uid)
            {
                value = frame.Find(uid) is { } entity ? site.Read(entity.Attributes) : default;
            }
            else
            {
                return EvaluationError.WrongType(span, value, "record or entity");
            }

            if (value.IsNone)
            {
                return CedarValue.False;
            }
        }

        return CedarValue.True;
    }
}
