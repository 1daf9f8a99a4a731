using System.Collections.Immutable;
using Gateway.Cedar.Schemas;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Validation;

/// <summary>Checks calls of extension functions.</summary>
internal sealed class CallChecker(ValidationReport report, TypeChecker types)
{
    public Typed Check(Expression.Call call, ImmutableHashSet<string> known)
    {
        var function = call.Function;
        var result = new Typed(CedarType.OfKind(function.Result));
        if (call.Arguments.Length != function.Parameters.Length)
        {
            var expected = function.Parameters.Length - (function.IsMethod ? 1 : 0);
            report.Error(call.Span, $"`{function.Name}` takes {expected} argument{(expected == 1 ? "" : "s")}");
            return result;
        }

        for (var i = 0; i < call.Arguments.Length; i++)
        {
            types.Expect(call.Arguments[i], known, CedarType.OfKind(function.Parameters[i]));
        }

        if (function.IsConstructor)
        {
            CheckConstructor(call);
        }

        return result;
    }

    // A text that is computed cannot be checked before the request comes.
    private void CheckConstructor(Expression.Call call)
    {
        if (call.Arguments[0] is not Expression.Literal literal)
        {
            report.Error(call.Arguments[0].Span, $"`{call.Function.Name}` takes a string literal only");
        }
        else if (literal.Value.Kind == ValueKind.String && call.Function.Invoke(literal.Value, default).IsNone)
        {
            report.Error(literal.Span, $"{literal.Value} is not a valid `{call.Function.Name}`");
        }
    }
}
