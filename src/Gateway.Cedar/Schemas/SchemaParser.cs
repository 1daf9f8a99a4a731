using System.Collections.Immutable;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Schemas;

/// <summary>Reads the human schema format.</summary>
internal sealed class SchemaParser
{
    private readonly TokenCursor _cursor;
    private readonly SchemaTypeParser _types;
    private readonly SchemaActionParser _actions;
    private readonly Dictionary<string, NamespaceSyntax> _namespaces = new(StringComparer.Ordinal);

    private SchemaParser(SourceText source, DiagnosticList diagnostics)
    {
        _cursor = new(source, diagnostics);
        _types = new(_cursor);
        _actions = new(_cursor, _types);
    }

    public static IReadOnlyCollection<NamespaceSyntax> Parse(SourceText source, DiagnosticList diagnostics)
    {
        var parser = new SchemaParser(source, diagnostics);
        var unnamed = new NamespaceSyntax("");
        parser._namespaces.Add("", unnamed);
        while (!parser._cursor.IsAtEnd)
        {
            PolicyParser.ParseAnnotations(parser._cursor);
            if (parser._cursor.IsKeyword("namespace"))
            {
                parser.ParseNamespace();
            }
            else
            {
                parser.ParseDeclaration(unnamed);
            }
        }

        return parser._namespaces.Values;
    }

    private void ParseNamespace()
    {
        _cursor.Take();
        var name = _types.ParsePath("the namespace's name");
        _types.RefuseReserved(name);
        _cursor.Expect(TokenKind.LeftBrace, "`{`");
        var declared = new NamespaceSyntax(name.Name);
        if (!_cursor.HasFailed && !_namespaces.TryAdd(name.Name, declared))
        {
            _cursor.Report(name.Span, $"the namespace `{name.Name}` is declared twice");
        }

        while (!_cursor.IsAtEnd && !_cursor.TryTake(TokenKind.RightBrace))
        {
            PolicyParser.ParseAnnotations(_cursor);
            ParseDeclaration(declared);
            if (_cursor.IsAtEnd)
            {
                _cursor.FailExpecting("`}`");
            }
        }

        if (_cursor.HasFailed)
        {
            _cursor.Resynchronise();
        }
    }

    private void ParseDeclaration(NamespaceSyntax target)
    {
        if (_cursor.TryTakeKeyword("entity"))
        {
            ParseEntity(target);
        }
        else if (_cursor.TryTakeKeyword("action"))
        {
            target.Actions.Add(_actions.Parse());
        }
        else if (_cursor.TryTakeKeyword("type"))
        {
            ParseCommonType(target);
        }
        else
        {
            _cursor.FailExpecting("`entity`, `action`, `type`, `namespace` or an annotation");
        }

        if (_cursor.HasFailed)
        {
            _cursor.Resynchronise();
        }
    }

    private void ParseEntity(NamespaceSyntax target)
    {
        var names = _types.ParseNames("the name of the entity type");
        foreach (var name in names)
        {
            _types.RefuseReserved(name);
        }

        if (_cursor.TryTakeKeyword("enum"))
        {
            var ids = ParseIds();
            _cursor.Expect(TokenKind.Semicolon, "`;`");
            target.Entities.Add(new(names, [], null, null, ids));
            return;
        }

        var parents = _cursor.TryTakeKeyword("in") ? _types.ParsePathOrList() : [];
        TypeSyntax.Record? attributes = null;
        if (_cursor.TryTake(TokenKind.Assign) || _cursor.Kind == TokenKind.LeftBrace)
        {
            attributes = _types.ParseRecord();
        }

        var tags = _cursor.TryTakeKeyword("tags") ? _types.Parse() : null;
        _cursor.Expect(TokenKind.Semicolon, "`in`, `{`, `tags`, `enum` or `;`");
        target.Entities.Add(new(names, parents, attributes, tags, null));
    }

    private ImmutableArray<string> ParseIds()
    {
        var ids = ImmutableArray.CreateBuilder<string>();
        _cursor.Expect(TokenKind.LeftBracket, "`[`");
        do
        {
            var token = _cursor.Expect(TokenKind.String, "an id in quotes");
            ids.Add(_cursor.HasFailed ? "" : StringLiteral.Decode(_cursor, token));
        }
        while (_cursor.TryTake(TokenKind.Comma));
        _cursor.Expect(TokenKind.RightBracket, "`,` or `]`");
        return ids.DrainToImmutable();
    }

    private void ParseCommonType(NamespaceSyntax target)
    {
        var name = _types.ParsePart("the name of the type");
        _types.RefuseReserved(name);
        if (SchemaNames.IsKeyword(name.Name))
        {
            _cursor.Report(name.Span, $"`{name.Name}` is built in and cannot be declared");
        }

        _cursor.Expect(TokenKind.Assign, "`=`");
        var type = _types.Parse();
        _cursor.Expect(TokenKind.Semicolon, "`;`");
        target.CommonTypes.Add(new(name, type));
    }
}
