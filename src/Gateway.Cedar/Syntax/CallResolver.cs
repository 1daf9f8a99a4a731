using System.Collections.Immutable;

namespace Gateway.Cedar.Syntax;

/// <summary>Finds the function or method that a call names. Methods of sets and tags are operators; the rest belongs to extension types.</summary>
internal static class CallResolver
{
    public static Expression ResolveFunction(TokenCursor cursor, Token token, ImmutableArray<Expression> arguments, SourceSpan span)
    {
        var name = cursor.TextOf(token);
        var function = ExtensionFunction.Find(name);
        if (function is { IsMethod: false })
        {
            return new Expression.Call(function, arguments, span);
        }

        cursor.Report(token.Span, function is not null || ArgumentCountOf(name) is not null
            ? $"`{name}` is a method, expected `value.{name}(…)`"
            : $"there is no function `{name}`{Suggestion.For(name, ExtensionFunction.Functions)}");
        return new Expression.Literal(CedarValue.False, token.Span);
    }

    public static Expression ResolveMethod(TokenCursor cursor, Token token, Expression target, ImmutableArray<Expression> arguments, SourceSpan span)
    {
        var name = cursor.TextOf(token);
        if (ArgumentCountOf(name) is { } expected)
        {
            if (arguments.Length == expected)
            {
                return ResolveOperator(name, target, arguments, span);
            }

            cursor.Report(token.Span, $"`{name}` takes {(expected == 0 ? "no argument" : "one argument")}, not {arguments.Length}");
            return target;
        }

        var function = ExtensionFunction.Find(name);
        if (function is { IsMethod: true })
        {
            return new Expression.Call(function, [target, .. arguments], span);
        }

        cursor.Report(token.Span, function is null
            ? $"there is no method `{name}`{Suggestion.For(name, ExtensionFunction.Methods)}"
            : $"`{name}` is a function, expected `{name}(…)`");
        return target;
    }

    private static Expression ResolveOperator(string name, Expression target, ImmutableArray<Expression> arguments, SourceSpan span) => name switch
    {
        "isEmpty" => new Expression.IsEmpty(target, span),
        "contains" => new Expression.Binary(BinaryOperator.Contains, target, arguments[0], span),
        "containsAll" => new Expression.Binary(BinaryOperator.ContainsAll, target, arguments[0], span),
        "containsAny" => new Expression.Binary(BinaryOperator.ContainsAny, target, arguments[0], span),
        "getTag" => new Expression.Binary(BinaryOperator.GetTag, target, arguments[0], span),
        _ => new Expression.Binary(BinaryOperator.HasTag, target, arguments[0], span),
    };

    private static int? ArgumentCountOf(string name) => name switch
    {
        "isEmpty" => 0,
        "contains" or "containsAll" or "containsAny" or "getTag" or "hasTag" => 1,
        _ => null,
    };
}
