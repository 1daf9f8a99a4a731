using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

internal sealed class InNode(Node left, Node right, SourceSpan span) : Node
{
    public override CedarValue Evaluate(in EvaluationFrame frame)
    {
        var first = left.Evaluate(frame);
        if (first.Error is not null)
        {
            return first;
        }

        var second = right.Evaluate(frame);
        if (second.Error is not null)
        {
            return second;
        }

        if (first.EntityOrNull is not { } entity)
        {
            return EvaluationError.WrongType(span, first, "entity");
        }

        if (second.EntityOrNull is { } target)
        {
            return CedarValue.From(frame.IsIn(entity, target));
        }

        return second.SetOrNull is { } targets
            ? IsInAny(frame, entity, targets)
            : EvaluationError.WrongType(span, second, "entity or set of entities");
    }

    // Every element must be an entity even if an earlier one matches.
    private CedarValue IsInAny(in EvaluationFrame frame, EntityUid entity, CedarSet targets)
    {
        var found = false;
        foreach (var element in targets.Elements)
        {
            if (element.EntityOrNull is not { } target)
            {
                return EvaluationError.WrongType(span, element, "entity");
            }

            found = found || frame.IsIn(entity, target);
        }

        return CedarValue.From(found);
    }
}
