using System.Collections.Immutable;
using System.Text;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Schemas;

/// <summary>Reads names and types of the human schema format.</summary>
internal sealed class SchemaTypeParser(TokenCursor cursor)
{
    private int _nesting;

    public TypeSyntax Parse()
    {
        if (++_nesting > ExpressionParser.MaxNesting)
        {
            cursor.Fail($"types are nested more than {ExpressionParser.MaxNesting} deep");
        }

        TypeSyntax type;
        if (cursor.IsKeyword("Set") && cursor.NextKind == TokenKind.Less)
        {
            var start = cursor.Take().Span;
            cursor.Take();
            var element = Parse();
            cursor.Expect(TokenKind.Greater, "`>`");
            type = new TypeSyntax.Set(element, SourceSpan.Between(start, cursor.Previous));
        }
        else
        {
            type = cursor.Kind == TokenKind.LeftBrace ? ParseRecord() : ParseNamed();
        }

        _nesting--;
        return type;
    }

    public TypeSyntax.Named ParseNamed()
    {
        var name = ParsePath("a type");
        return new(name.Name, TypeNameKind.Any, name.Span);
    }

    public TypeSyntax.Record ParseRecord()
    {
        var start = cursor.Current.Span;
        cursor.Expect(TokenKind.LeftBrace, "`{`");
        var attributes = ImmutableArray.CreateBuilder<AttributeSyntax>();
        while (cursor.Kind is not (TokenKind.RightBrace or TokenKind.End))
        {
            PolicyParser.ParseAnnotations(cursor);
            var name = ParseAttributeName("the attribute's name");
            var isRequired = !cursor.TryTake(TokenKind.Question);
            cursor.Expect(TokenKind.Colon, "`:`");
            attributes.Add(new(name.Name, Parse(), isRequired));
            if (!cursor.TryTake(TokenKind.Comma))
            {
                break;
            }
        }

        cursor.Expect(TokenKind.RightBrace, "`,` or `}`");
        return new(attributes.DrainToImmutable(), SourceSpan.Between(start, cursor.Previous));
    }

    public ImmutableArray<NameSyntax> ParseNames(string expected)
    {
        var names = ImmutableArray.CreateBuilder<NameSyntax>();
        do
        {
            names.Add(ParsePart(expected));
        }
        while (cursor.TryTake(TokenKind.Comma));
        return names.DrainToImmutable();
    }

    public ImmutableArray<NameSyntax> ParsePathOrList()
    {
        if (!cursor.TryTake(TokenKind.LeftBracket))
        {
            return [ParsePath("an entity type")];
        }

        if (cursor.TryTake(TokenKind.RightBracket))
        {
            return [];
        }

        var paths = ImmutableArray.CreateBuilder<NameSyntax>();
        do
        {
            paths.Add(ParsePath("an entity type"));
        }
        while (cursor.TryTake(TokenKind.Comma));
        cursor.Expect(TokenKind.RightBracket, "`,` or `]`");
        return paths.DrainToImmutable();
    }

    public NameSyntax ParsePath(string expected)
    {
        var part = ParsePart(expected);
        if (cursor.Kind != TokenKind.DoubleColon || cursor.NextKind != TokenKind.Identifier)
        {
            return part;
        }

        var path = new StringBuilder(part.Name);
        while (cursor.Kind == TokenKind.DoubleColon && cursor.NextKind == TokenKind.Identifier)
        {
            cursor.Take();
            path.Append("::").Append(ParsePart(expected).Name);
        }

        return new(path.ToString(), SourceSpan.Between(part.Span, cursor.Previous));
    }

    public NameSyntax ParsePart(string expected)
    {
        var token = cursor.Expect(TokenKind.Identifier, expected);
        var name = cursor.TextOf(token);
        if (name != Reserved && Identifiers.IsReserved(name))
        {
            cursor.Report(token.Span, $"`{name}` is reserved, expected another name");
        }

        return new(name, token.Span);
    }

    /// <summary>The name of an attribute or action, with or without quotes.</summary>
    public NameSyntax ParseAttributeName(string expected)
    {
        if (cursor.Kind != TokenKind.String)
        {
            return ParsePart(expected);
        }

        var token = cursor.Take();
        return new(StringLiteral.Decode(cursor, token), token.Span);
    }

    /// <summary>Keeps declarations out of the language's own namespace.</summary>
    public void RefuseReserved(NameSyntax name)
    {
        if (name.Name == Reserved
            || name.Name.StartsWith(Reserved + "::", StringComparison.Ordinal)
            || name.Name.EndsWith("::" + Reserved, StringComparison.Ordinal)
            || name.Name.Contains("::" + Reserved + "::", StringComparison.Ordinal))
        {
            cursor.Report(name.Span, $"`{Reserved}` belongs to the language itself");
        }
    }

    private const string Reserved = "__cedar";
}
