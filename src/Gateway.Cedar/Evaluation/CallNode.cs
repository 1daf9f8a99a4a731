using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

/// <summary>A call of an extension function of one or two arguments; there are no others.</summary>
internal sealed class CallNode(ExtensionFunction function, Node first, Node? second, SourceSpan span) : Node
{
    public override CedarValue Evaluate(in EvaluationFrame frame)
    {
        var one = first.Evaluate(frame);
        if (one.Kind != function.Parameters[0])
        {
            return EvaluationError.WrongType(span, one, ValueText.NameOf(function.Parameters[0]));
        }

        CedarValue two = default;
        if (second is not null)
        {
            two = second.Evaluate(frame);
            if (two.Kind != function.Parameters[1])
            {
                return EvaluationError.WrongType(span, two, ValueText.NameOf(function.Parameters[1]));
            }
        }

        var result = function.Invoke(one, two);
        return result.IsNone ? EvaluationError.Of(EvaluationErrorKind.Function, span, subject: null, function.Name) : result;
    }
}
