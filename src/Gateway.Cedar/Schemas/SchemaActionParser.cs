using System.Collections.Immutable;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Schemas;

/// <summary>Reads declarations of actions in the human schema format.</summary>
internal sealed class SchemaActionParser(TokenCursor cursor, SchemaTypeParser types)
{
    public ActionSyntax Parse()
    {
        var names = ImmutableArray.CreateBuilder<NameSyntax>();
        do
        {
            names.Add(types.ParseAttributeName("the action's name"));
        }
        while (cursor.TryTake(TokenKind.Comma));

        var parents = cursor.TryTakeKeyword("in") ? ParseActionReferences() : [];
        var application = new ActionApplication();
        if (cursor.TryTakeKeyword("appliesTo"))
        {
            ParseApplication(names[0], application);
        }

        if (cursor.TryTakeKeyword("attributes"))
        {
            cursor.Expect(TokenKind.LeftBrace, "`{`");
            cursor.Expect(TokenKind.RightBrace, "`}`: actions have no attributes");
        }

        cursor.Expect(TokenKind.Semicolon, "`in`, `appliesTo` or `;`");
        return new(
            names.DrainToImmutable(), parents,
            application.Principals ?? [], application.Resources ?? [], application.Context);
    }

    private ImmutableArray<ActionReferenceSyntax> ParseActionReferences()
    {
        if (!cursor.TryTake(TokenKind.LeftBracket))
        {
            return [ParseActionReference()];
        }

        var references = ImmutableArray.CreateBuilder<ActionReferenceSyntax>();
        do
        {
            references.Add(ParseActionReference());
        }
        while (cursor.TryTake(TokenKind.Comma));
        cursor.Expect(TokenKind.RightBracket, "`,` or `]`");
        return references.DrainToImmutable();
    }

    private ActionReferenceSyntax ParseActionReference()
    {
        var start = cursor.Current.Span;
        if (cursor.Kind != TokenKind.Identifier || cursor.NextKind != TokenKind.DoubleColon)
        {
            var name = types.ParseAttributeName("an action");
            return new(null, name.Name, name.Span);
        }

        var type = types.ParsePath("an action");
        cursor.Expect(TokenKind.DoubleColon, "`::`");
        var token = cursor.Expect(TokenKind.String, "the action's id in quotes");
        var id = cursor.HasFailed ? "" : StringLiteral.Decode(cursor, token);
        return new(type.Name, id, SourceSpan.Between(start, cursor.Previous));
    }

    private void ParseApplication(NameSyntax action, ActionApplication application)
    {
        cursor.Expect(TokenKind.LeftBrace, "`{`");
        do
        {
            var keyword = cursor.Expect(TokenKind.Identifier, "`principal`, `resource` or `context`");
            var name = cursor.TextOf(keyword);
            cursor.Expect(TokenKind.Colon, "`:`");
            if (name == "context")
            {
                var isRepeated = application.Context is not null;
                application.Context = cursor.Kind == TokenKind.LeftBrace ? types.ParseRecord() : types.ParseNamed();
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
            else if (!cursor.HasFailed)
            {
                cursor.Report(keyword.Span, $"`{name}` is not known here, expected `principal`, `resource` or `context`");
                cursor.Fail("expected `principal`, `resource` or `context`");
            }
        }
        while (cursor.TryTake(TokenKind.Comma) && cursor.Kind != TokenKind.RightBrace);
        cursor.Expect(TokenKind.RightBrace, "`,` or `}`");
        if (!cursor.HasFailed && (application.Principals is null || application.Resources is null))
        {
            var missing = application.Principals is null ? "principal" : "resource";
            cursor.Report(action.Span, $"`appliesTo` of the action `{action.Name}` does not say which `{missing}`");
        }
    }

    private ImmutableArray<NameSyntax> ParseTypes(Token keyword, string name)
    {
        var named = types.ParsePathOrList();
        if (named.IsEmpty && !cursor.HasFailed)
        {
            cursor.Report(keyword.Span, $"`{name}` must name at least one entity type");
        }

        return named;
    }

    private void ReportRepeated(bool isRepeated, Token keyword, string name)
    {
        if (isRepeated)
        {
            cursor.Report(keyword.Span, $"`{name}` is given twice");
        }
    }

    private sealed class ActionApplication
    {
        public ImmutableArray<NameSyntax>? Principals { get; set; }

        public ImmutableArray<NameSyntax>? Resources { get; set; }

        public TypeSyntax? Context { get; set; }
    }
}
