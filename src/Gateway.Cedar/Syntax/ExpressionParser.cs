using System.Collections.Immutable;

namespace Gateway.Cedar.Syntax;

/// <summary>Reads the operators of an expression, by recursive descent; <see cref="PrimaryParser"/> reads what they join.</summary>
internal sealed class ExpressionParser
{
    /// <summary>How deep brackets may nest: each level costs about two kilobytes of stack.</summary>
    public const int MaxNesting = 256;

    private readonly TokenCursor _cursor;
    private readonly PrimaryParser _primaries;
    private int _nesting;

    public ExpressionParser(TokenCursor cursor)
    {
        _cursor = cursor;
        _primaries = new(cursor, this);
    }

    public (string Name, SourceSpan Span) ParseTypeName() => _primaries.ParseTypeName();

    public EntityUid ParseEntity() => _primaries.ParseEntity();

    public Expression Parse()
    {
        if (++_nesting > MaxNesting)
        {
            _cursor.Fail($"brackets and `if` are nested more than {MaxNesting} deep");
        }

        var expression = _cursor.IsKeyword("if") ? ParseIf() : ParseOr();
        _nesting--;
        return expression;
    }

    private Expression.If ParseIf()
    {
        var start = _cursor.Take().Span;
        var condition = Parse();
        ExpectKeyword("then");
        var then = Parse();
        ExpectKeyword("else");
        var otherwise = Parse();
        return Bounded(new Expression.If(condition, then, otherwise, SpanFrom(start)));
    }

    private void ExpectKeyword(string keyword)
    {
        if (!_cursor.TryTakeKeyword(keyword))
        {
            _cursor.FailExpecting($"`{keyword}` or an operator");
        }
    }

    private Expression ParseOr()
    {
        var first = ParseAnd();
        if (_cursor.Kind != TokenKind.Or)
        {
            return first;
        }

        var operands = ImmutableArray.CreateBuilder<Expression>();
        operands.Add(first);
        while (_cursor.TryTake(TokenKind.Or))
        {
            operands.Add(ParseAnd());
        }

        return Bounded(new Expression.Or(operands.DrainToImmutable(), SpanFrom(first.Span)));
    }

    private Expression ParseAnd()
    {
        var first = ParseRelation();
        if (_cursor.Kind != TokenKind.And)
        {
            return first;
        }

        var operands = ImmutableArray.CreateBuilder<Expression>();
        operands.Add(first);
        while (_cursor.TryTake(TokenKind.And))
        {
            operands.Add(ParseRelation());
        }

        return Bounded(new Expression.And(operands.DrainToImmutable(), SpanFrom(first.Span)));
    }

    private Expression ParseRelation()
    {
        var left = ParseSum();
        var result = left;
        if (RelationOperator() is { } operation)
        {
            _cursor.Take();
            var right = ParseSum();
            result = new Expression.Binary(operation, left, right, SpanFrom(left.Span));
        }
        else if (_cursor.TryTakeKeyword("has"))
        {
            result = ParseHas(left);
        }
        else if (_cursor.TryTakeKeyword("like"))
        {
            var token = _cursor.Expect(TokenKind.String, "a pattern in quotes");
            var pattern = _cursor.HasFailed ? new([""]) : StringLiteral.DecodePattern(_cursor, token);
            result = new Expression.Like(left, pattern, SpanFrom(left.Span));
        }
        else if (_cursor.TryTakeKeyword("is"))
        {
            var (type, typeSpan) = ParseTypeName();
            var parent = _cursor.TryTakeKeyword("in") ? ParseSum() : null;
            result = new Expression.Is(left, type, typeSpan, parent, SpanFrom(left.Span));
        }
        else if (_cursor.Kind == TokenKind.Assign)
        {
            _cursor.Fail("`=` is not an operator, expected `==`");
        }

        if (!ReferenceEquals(result, left)
            && (RelationOperator() is not null || _cursor.IsKeyword("has") || _cursor.IsKeyword("like") || _cursor.IsKeyword("is")))
        {
            _cursor.Fail("comparisons cannot follow each other, expected parentheses around one of them");
        }

        return Bounded(result);
    }

    private Expression.HasAttribute ParseHas(Expression target)
    {
        if (_cursor.Kind == TokenKind.String)
        {
            var name = StringLiteral.Decode(_cursor, _cursor.Take());
            return new(target, [name], SpanFrom(target.Span));
        }

        var path = ImmutableArray.CreateBuilder<string>();
        do
        {
            path.Add(_primaries.ParseAttributeName());
        }
        while (_cursor.TryTake(TokenKind.Dot));
        return new(target, path.DrainToImmutable(), SpanFrom(target.Span));
    }

    private BinaryOperator? RelationOperator() => _cursor.Kind switch
    {
        TokenKind.Equal => BinaryOperator.Equal,
        TokenKind.NotEqual => BinaryOperator.NotEqual,
        TokenKind.Less => BinaryOperator.Less,
        TokenKind.LessOrEqual => BinaryOperator.LessOrEqual,
        TokenKind.Greater => BinaryOperator.Greater,
        TokenKind.GreaterOrEqual => BinaryOperator.GreaterOrEqual,
        TokenKind.Identifier when _cursor.IsKeyword("in") => BinaryOperator.In,
        _ => null,
    };

    private Expression ParseSum()
    {
        var left = ParseProduct();
        while (_cursor.Kind is TokenKind.Plus or TokenKind.Minus)
        {
            var operation = _cursor.Take().Kind == TokenKind.Plus ? BinaryOperator.Add : BinaryOperator.Subtract;
            var right = ParseProduct();
            left = Bounded(new Expression.Binary(operation, left, right, SpanFrom(left.Span)));
        }

        return left;
    }

    private Expression ParseProduct()
    {
        var left = ParseUnary();
        while (true)
        {
            if (_cursor.Kind is TokenKind.Divide or TokenKind.Remainder)
            {
                _cursor.Fail("Cedar has no division and no remainder");
            }

            if (!_cursor.TryTake(TokenKind.Times))
            {
                return left;
            }

            var right = ParseUnary();
            left = Bounded(new Expression.Binary(BinaryOperator.Multiply, left, right, SpanFrom(left.Span)));
        }
    }

    private Expression ParseUnary()
    {
        var kind = _cursor.Kind;
        if (kind is not (TokenKind.Not or TokenKind.Minus))
        {
            return _primaries.ParseMember();
        }

        var start = _cursor.Current.Span;
        var count = 0;
        while (_cursor.Kind == kind)
        {
            if (++count > 4)
            {
                _cursor.Fail($"more than four `{(kind == TokenKind.Not ? '!' : '-')}` in a row");
            }

            _cursor.Take();
        }

        Expression operand;
        if (kind == TokenKind.Minus && _cursor.Kind == TokenKind.Number && _cursor.NextKind is not (TokenKind.Dot or TokenKind.LeftBracket or TokenKind.LeftParenthesis))
        {
            // The sign belongs to the literal, else the smallest Long could not be written.
            var number = _cursor.Take();
            operand = new Expression.Literal(CedarValue.From(LongLiteral.Decode(_cursor, number, isNegative: true)), SpanFrom(start));
            count--;
        }
        else
        {
            operand = _primaries.ParseMember();
        }

        for (; count > 0; count--)
        {
            operand = kind == TokenKind.Not
                ? new Expression.Not(operand, SpanFrom(start))
                : new Expression.Negate(operand, SpanFrom(start));
        }

        return Bounded(operand);
    }

    public T Bounded<T>(T expression)
        where T : Expression
    {
        if (expression.Depth > Expression.MaxDepth)
        {
            _cursor.Fail($"the expression is more than {Expression.MaxDepth} operators deep");
        }

        return expression;
    }

    private SourceSpan SpanFrom(SourceSpan start) => SourceSpan.Between(start, _cursor.Previous);
}
