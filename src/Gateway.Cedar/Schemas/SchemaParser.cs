using System.Collections.Immutable;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Schemas;

/// <summary>Reads the human schema format.</summary>
internal sealed class SchemaParser
{
    private readonly TokenCursor _cursor;
    private readonly SchemaTypeParser _types;
    private readonly Dictionary<string, NamespaceSyntax> _namespaces = new(StringComparer.Ordinal);

    private SchemaParser(SourceText source, DiagnosticList diagnostics)
    {
        _cursor = new(source, diagnostics);
        _types = new(_cursor);
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
            ParseAction(target);
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

    private void ParseAction(NamespaceSyntax target)
    {
        var names = ImmutableArray.CreateBuilder<NameSyntax>();
        do
        {
            names.Add(_types.ParseAttributeName("the action's name"));
        }
        while (_cursor.TryTake(TokenKind.Comma));

        var parents = _cursor.TryTakeKeyword("in") ? ParseActionReferences() : [];
        var application = new ActionApplication();
        if (_cursor.TryTakeKeyword("appliesTo"))
        {
            ParseApplication(names[0], application);
        }

        if (_cursor.TryTakeKeyword("attributes"))
        {
            _cursor.Expect(TokenKind.LeftBrace, "`{`");
            _cursor.Expect(TokenKind.RightBrace, "`}`: actions have no attributes");
        }

        _cursor.Expect(TokenKind.Semicolon, "`in`, `appliesTo` or `;`");
        target.Actions.Add(new(
            names.DrainToImmutable(), parents,
            application.Principals ?? [], application.Resources ?? [], application.Context));
    }

    private ImmutableArray<ActionReferenceSyntax> ParseActionReferences()
    {
        if (!_cursor.TryTake(TokenKind.LeftBracket))
        {
            return [ParseActionReference()];
        }

        var references = ImmutableArray.CreateBuilder<ActionReferenceSyntax>();
        do
        {
            references.Add(ParseActionReference());
        }
        while (_cursor.TryTake(TokenKind.Comma));
        _cursor.Expect(TokenKind.RightBracket, "`,` or `]`");
        return references.DrainToImmutable();
    }

    private ActionReferenceSyntax ParseActionReference()
    {
        var start = _cursor.Current.Span;
        if (_cursor.Kind != TokenKind.Identifier || _cursor.NextKind != TokenKind.DoubleColon)
        {
            var name = _types.ParseAttributeName("an action");
            return new(null, name.Name, name.Span);
        }

        var type = _types.ParsePath("an action");
        _cursor.Expect(TokenKind.DoubleColon, "`::`");
        var token = _cursor.Expect(TokenKind.String, "the action's id in quotes");
        var id = _cursor.HasFailed ? "" : StringLiteral.Decode(_cursor, token);
        return new(type.Name, id, SourceSpan.Between(start, _cursor.Previous));
    }

    private void ParseApplication(NameSyntax action, ActionApplication application)
    {
        _cursor.Expect(TokenKind.LeftBrace, "`{`");
        do
        {
            var keyword = _cursor.Expect(TokenKind.Identifier, "`principal`, `resource` or `context`");
            var name = _cursor.TextOf(keyword);
            _cursor.Expect(TokenKind.Colon, "`:`");
            if (name == "context")
            {
                var isRepeated = application.Context is not null;
                application.Context = _cursor.Kind == TokenKind.LeftBrace ? _types.ParseRecord() : _types.ParseNamed();
                ReportRepeated(isRepeated, keyword, name);
            }
            else if (name == "principal")
            {
                ReportRepeated(application.Principals is not null, keyword, name);
                application.Principals = ParseTypes(keyword, name);
            }
            else if (name == "resource")
            {
                ReportRepeated(application.Resources is not null, keyword, name);
                application.Resources = ParseTypes(keyword, name);
            }
            else if (!_cursor.HasFailed)
            {
                _cursor.Report(keyword.Span, $"`{name}` is not known here, expected `principal`, `resource` or `context`");
                _cursor.Fail("expected `principal`, `resource` or `context`");
            }
        }
        while (_cursor.TryTake(TokenKind.Comma) && _cursor.Kind != TokenKind.RightBrace);
        _cursor.Expect(TokenKind.RightBrace, "`,` or `}`");
        if (!_cursor.HasFailed && (application.Principals is null || application.Resources is null))
        {
            var missing = application.Principals is null ? "principal" : "resource";
            _cursor.Report(action.Span, $"`appliesTo` of the action `{action.Name}` does not say which `{missing}`");
        }
    }

    private ImmutableArray<NameSyntax> ParseTypes(Token keyword, string name)
    {
        var types = _types.ParsePathOrList();
        if (types.IsEmpty && !_cursor.HasFailed)
        {
            _cursor.Report(keyword.Span, $"`{name}` must name at least one entity type");
        }

        return types;
    }

    private void ReportRepeated(bool isRepeated, Token keyword, string name)
    {
        if (isRepeated)
        {
            _cursor.Report(keyword.Span, $"`{name}` is given twice");
        }
    }

    private void ParseCommonType(NamespaceSyntax target)
    {
        var name = _types.ParsePart("the name of the type");
        _types.RefuseReserved(name);
        if (name.Name is "Bool" or "Boolean" or "Entity" or "Extension" or "Long" or "Record" or "Set" or "String" or "EntityOrCommon")
        {
            _cursor.Report(name.Span, $"`{name.Name}` is built in and cannot be declared");
        }

        _cursor.Expect(TokenKind.Assign, "`=`");
        var type = _types.Parse();
        _cursor.Expect(TokenKind.Semicolon, "`;`");
        target.CommonTypes.Add(new(name, type));
    }

    private sealed class ActionApplication
    {
        public ImmutableArray<NameSyntax>? Principals { get; set; }

        public ImmutableArray<NameSyntax>? Resources { get; set; }

        public TypeSyntax? Context { get; set; }
    }
}
