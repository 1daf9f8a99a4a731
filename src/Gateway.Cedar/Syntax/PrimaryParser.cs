using System.Collections.Immutable;
using System.Text;

namespace Gateway.Cedar.Syntax;

/// <summary>Reads literals, names, calls, sets, records and what follows them with a dot or a bracket.</summary>
internal sealed class PrimaryParser(TokenCursor cursor, ExpressionParser expressions)
{

    public Expression ParseMember()
    {
        var expression = ParsePrimary();
        while (true)
        {
            switch (cursor.Kind)
            {
                case TokenKind.Dot:
                    cursor.Take();
                    expression = ParseDotted(expression);
                    break;
                case TokenKind.LeftBracket:
                    cursor.Take();
                    var token = cursor.Expect(TokenKind.String, "the attribute's name in quotes");
                    var name = cursor.HasFailed ? "" : StringLiteral.Decode(cursor, token);
                    cursor.Expect(TokenKind.RightBracket, "`]`");
                    expression = new Expression.GetAttribute(expression, name, token.Span, SpanFrom(expression.Span));
                    break;
                case TokenKind.LeftParenthesis:
                    cursor.Fail("only a function or method can be called");
                    return expression;
                default:
                    return expression;
            }

            expression = expressions.Bounded(expression);
        }
    }

    /// <summary>An attribute's name without quotes.</summary>
    public string ParseAttributeName()
    {
        var token = cursor.Expect(TokenKind.Identifier, "the name of an attribute");
        if (token.Kind == TokenKind.Identifier && Identifiers.IsReserved(cursor.SpanOf(token)))
        {
            cursor.Report(token.Span, $"`{cursor.TextOf(token)}` is reserved and must be written in quotes");
        }

        return cursor.TextOf(token);
    }

    public (string Name, SourceSpan Span) ParseTypeName()
    {
        var start = cursor.Current.Span;
        var name = ParsePath("the name of an entity type");
        if (cursor.Kind == TokenKind.DoubleColon)
        {
            cursor.Fail("expected the name of an entity type, without an id");
        }

        return (name, SpanFrom(start));
    }

    public EntityUid ParseEntity()
    {
        var type = ParsePath("an entity, as in `Type::\"id\"`");
        cursor.Expect(TokenKind.DoubleColon, "`::` and the entity's id in quotes");
        var token = cursor.Expect(TokenKind.String, "the entity's id in quotes");
        return new(type, cursor.HasFailed ? "" : StringLiteral.Decode(cursor, token));
    }

    private Expression ParsePrimary()
    {
        var token = cursor.Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                return Literal(CedarValue.From(LongLiteral.Decode(cursor, cursor.Take(), isNegative: false)), token.Span);
            case TokenKind.String:
                return Literal(CedarValue.From(StringLiteral.Decode(cursor, cursor.Take())), token.Span);
            case TokenKind.LeftParenthesis:
                cursor.Take();
                var inner = expressions.Parse();
                cursor.Expect(TokenKind.RightParenthesis, "`)` or an operator");
                return inner;
            case TokenKind.LeftBracket:
                cursor.Take();
                var elements = ParseList(TokenKind.RightBracket, "`,` or `]`");
                return new Expression.SetLiteral(elements, SpanFrom(token.Span));
            case TokenKind.LeftBrace:
                return ParseRecord();
            case TokenKind.Identifier:
                return ParseName();
            case TokenKind.Slot:
                cursor.Fail("a template's slot can stand in the scope only");
                break;
            default:
                cursor.FailExpecting("an expression");
                break;
        }

        return Literal(CedarValue.False, token.Span);
    }

    private Expression ParseName()
    {
        var token = cursor.Current;
        if (cursor.NextKind == TokenKind.DoubleColon)
        {
            return Literal(CedarValue.From(ParseEntity()), SpanFrom(token.Span));
        }

        cursor.Take();
        if (cursor.Kind == TokenKind.LeftParenthesis)
        {
            cursor.Take();
            var arguments = ParseList(TokenKind.RightParenthesis, "`,` or `)`");
            return CallResolver.ResolveFunction(cursor, token, arguments, SpanFrom(token.Span));
        }

        return cursor.SpanOf(token) switch
        {
            "true" => Literal(CedarValue.True, token.Span),
            "false" => Literal(CedarValue.False, token.Span),
            "principal" => new Expression.VariableReference(Variable.Principal, token.Span),
            "action" => new Expression.VariableReference(Variable.Action, token.Span),
            "resource" => new Expression.VariableReference(Variable.Resource, token.Span),
            "context" => new Expression.VariableReference(Variable.Context, token.Span),
            _ => Unknown(token),
        };
    }

    private Expression.Literal Unknown(Token token)
    {
        var name = cursor.TextOf(token);
        cursor.Report(token.Span, name == "if"
            ? "`if` here needs parentheses around it"
            : $"`{name}` is not a variable, expected `principal`, `action`, `resource` or `context`, or a string in quotes");
        return Literal(CedarValue.False, token.Span);
    }

    private Expression ParseDotted(Expression target)
    {
        var token = cursor.Current;
        var name = ParseAttributeName();
        if (!cursor.TryTake(TokenKind.LeftParenthesis))
        {
            return new Expression.GetAttribute(target, name, token.Span, SpanFrom(target.Span));
        }

        var arguments = ParseList(TokenKind.RightParenthesis, "`,` or `)`");
        return CallResolver.ResolveMethod(cursor, token, target, arguments, SpanFrom(target.Span));
    }

    private Expression.RecordLiteral ParseRecord()
    {
        var start = cursor.Take().Span;
        var attributes = ImmutableArray.CreateBuilder<KeyValuePair<string, Expression>>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (cursor.Kind is not (TokenKind.RightBrace or TokenKind.End))
        {
            var token = cursor.Current;
            var name = token.Kind == TokenKind.String ? StringLiteral.Decode(cursor, cursor.Take()) : ParseAttributeName();
            if (!names.Add(name))
            {
                cursor.Report(token.Span, $"the attribute `{name}` is given twice");
            }

            cursor.Expect(TokenKind.Colon, "`:`");
            attributes.Add(new(name, expressions.Parse()));
            if (!cursor.TryTake(TokenKind.Comma))
            {
                break;
            }
        }

        cursor.Expect(TokenKind.RightBrace, "`,` or `}`");
        return new(attributes.DrainToImmutable(), SpanFrom(start));
    }

    private ImmutableArray<Expression> ParseList(TokenKind close, string expected)
    {
        var elements = ImmutableArray.CreateBuilder<Expression>();
        while (cursor.Kind != close && cursor.Kind != TokenKind.End)
        {
            elements.Add(expressions.Parse());
            if (!cursor.TryTake(TokenKind.Comma))
            {
                break;
            }
        }

        cursor.Expect(close, expected);
        return elements.DrainToImmutable();
    }

    private string ParsePath(string expected)
    {
        var token = cursor.Expect(TokenKind.Identifier, expected);
        CheckPart(token);
        if (cursor.Kind != TokenKind.DoubleColon || cursor.NextKind != TokenKind.Identifier)
        {
            return cursor.TextOf(token);
        }

        var path = new StringBuilder(cursor.TextOf(token));
        while (cursor.Kind == TokenKind.DoubleColon && cursor.NextKind == TokenKind.Identifier)
        {
            cursor.Take();
            token = cursor.Take();
            CheckPart(token);
            path.Append("::").Append(cursor.SpanOf(token));
        }

        return path.ToString();
    }

    private void CheckPart(Token token)
    {
        if (token.Kind == TokenKind.Identifier && Identifiers.IsReserved(cursor.SpanOf(token)))
        {
            cursor.Report(token.Span, $"`{cursor.TextOf(token)}` is reserved and cannot be part of a type's name");
        }
    }

    private static Expression.Literal Literal(CedarValue value, SourceSpan span) => new(value, span);

    private SourceSpan SpanFrom(SourceSpan start) => SourceSpan.Between(start, cursor.Previous);
}
