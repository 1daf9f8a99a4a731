using System.Collections.Immutable;

namespace Gateway.Cedar.Syntax;

/// <summary>An expression as written; the compiled form, the validator, the formatter and JSON start from it.</summary>
internal abstract record Expression(SourceSpan Span, int Depth)
{
    /// <summary>How deep an expression may be, so that no walk over it can exhaust the stack.</summary>
    public const int MaxDepth = 512;

    /// <summary>A Boolean, Long, String or entity literal.</summary>
    internal sealed record Literal(CedarValue Value, SourceSpan Span) : Expression(Span, 1);

    internal sealed record VariableReference(Variable Variable, SourceSpan Span) : Expression(Span, 1);

    internal sealed record Not(Expression Operand, SourceSpan Span) : Expression(Span, Operand.Depth + 1);

    internal sealed record Negate(Expression Operand, SourceSpan Span) : Expression(Span, Operand.Depth + 1);

    internal sealed record IsEmpty(Expression Operand, SourceSpan Span) : Expression(Span, Operand.Depth + 1);

    internal sealed record Binary(BinaryOperator Operator, Expression Left, Expression Right, SourceSpan Span)
        : Expression(Span, Math.Max(Left.Depth, Right.Depth) + 1);

    /// <summary>A chain of <c>&amp;&amp;</c>, flat, so that a generated policy of a thousand terms is not a thousand deep.</summary>
    internal sealed record And(ImmutableArray<Expression> Operands, SourceSpan Span) : Expression(Span, DeepestOf(Operands) + 1);

    /// <summary>A chain of <c>||</c>, flat like <see cref="And"/>.</summary>
    internal sealed record Or(ImmutableArray<Expression> Operands, SourceSpan Span) : Expression(Span, DeepestOf(Operands) + 1);

    internal sealed record If(Expression Condition, Expression Then, Expression Else, SourceSpan Span)
        : Expression(Span, Math.Max(Condition.Depth, Math.Max(Then.Depth, Else.Depth)) + 1);

    internal sealed record GetAttribute(Expression Target, string Name, SourceSpan NameSpan, SourceSpan Span)
        : Expression(Span, Target.Depth + 1);

    /// <summary><c>has a</c>, or <c>has a.b.c</c>, which tests one step after the other.</summary>
    internal sealed record HasAttribute(Expression Target, ImmutableArray<string> Path, SourceSpan Span)
        : Expression(Span, Target.Depth + Path.Length);

    internal sealed record Like(Expression Target, LikePattern Pattern, SourceSpan Span) : Expression(Span, Target.Depth + 1);

    /// <summary><c>is T</c>, or with <paramref name="In"/> <c>is T in E</c>.</summary>
    internal sealed record Is(Expression Target, string EntityType, SourceSpan TypeSpan, Expression? In, SourceSpan Span)
        : Expression(Span, Math.Max(Target.Depth, In?.Depth ?? 0) + 2);

    internal sealed record SetLiteral(ImmutableArray<Expression> Elements, SourceSpan Span) : Expression(Span, DeepestOf(Elements) + 1);

    internal sealed record RecordLiteral(ImmutableArray<KeyValuePair<string, Expression>> Attributes, SourceSpan Span)
        : Expression(Span, DeepestOf(Attributes) + 1);

    /// <summary>A call of an extension function; of a method, the target is the first argument.</summary>
    internal sealed record Call(ExtensionFunction Function, ImmutableArray<Expression> Arguments, SourceSpan Span)
        : Expression(Span, DeepestOf(Arguments) + 1);

    private static int DeepestOf(ImmutableArray<Expression> expressions)
    {
        var deepest = 0;
        foreach (var expression in expressions)
        {
            deepest = Math.Max(deepest, expression.Depth);
        }

        return deepest;
    }

    private static int DeepestOf(ImmutableArray<KeyValuePair<string, Expression>> attributes)
    {
        var deepest = 0;
        foreach (var (_, expression) in attributes)
        {
            deepest = Math.Max(deepest, expression.Depth);
        }

        return deepest;
    }
}
