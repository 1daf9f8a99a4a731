using System.Collections.Immutable;

namespace Gateway.Cedar.Syntax;

/// <summary>Reads the policies of one file; a mistake costs the policy it stands in, not the rest.</summary>
internal sealed class PolicyParser
{
    private readonly TokenCursor _cursor;
    private readonly ExpressionParser _expressions;
    private readonly ScopeParser _scopes;

    private PolicyParser(SourceText source, DiagnosticList diagnostics)
    {
        _cursor = new(source, diagnostics);
        _expressions = new(_cursor);
        _scopes = new(_cursor, _expressions);
    }

    public static List<PolicySyntax> Parse(SourceText source, DiagnosticList diagnostics)
    {
        var parser = new PolicyParser(source, diagnostics);
        var policies = new List<PolicySyntax>();
        while (!parser._cursor.IsAtEnd)
        {
            var policy = parser.ParsePolicy();
            if (parser._cursor.HasFailed)
            {
                parser._cursor.Resynchronise();
            }
            else
            {
                policies.Add(policy);
            }
        }

        return policies;
    }

    private PolicySyntax ParsePolicy()
    {
        var start = _cursor.Current.Span;
        var annotations = ParseAnnotations(_cursor);
        var effect = ParseEffect();
        _cursor.Expect(TokenKind.LeftParenthesis, "`(`");
        var principal = _scopes.Parse(Variable.Principal);
        _cursor.Expect(TokenKind.Comma, "`,`");
        var action = _scopes.Parse(Variable.Action);
        _cursor.Expect(TokenKind.Comma, "`,`");
        var resource = _scopes.Parse(Variable.Resource);
        _cursor.TryTake(TokenKind.Comma);
        _cursor.Expect(TokenKind.RightParenthesis, "`)`");

        var conditions = ImmutableArray.CreateBuilder<ConditionSyntax>();
        while (_cursor.Kind == TokenKind.Identifier)
        {
            conditions.Add(ParseCondition());
        }

        _cursor.Expect(TokenKind.Semicolon, conditions.Count == 0 ? "`;`, `when` or `unless`" : "`;`");
        return new(
            effect, annotations, principal, action, resource, conditions.DrainToImmutable(),
            _cursor.Source, SourceSpan.Between(start, _cursor.Previous));
    }

    public static ImmutableArray<AnnotationSyntax> ParseAnnotations(TokenCursor cursor)
    {
        var annotations = ImmutableArray.CreateBuilder<AnnotationSyntax>();
        while (cursor.Kind == TokenKind.At)
        {
            var start = cursor.Take().Span;
            var name = cursor.TextOf(cursor.Expect(TokenKind.Identifier, "the name of the annotation"));
            string? value = null;
            if (cursor.TryTake(TokenKind.LeftParenthesis))
            {
                var text = cursor.Expect(TokenKind.String, "the annotation's value, a string");
                value = cursor.HasFailed ? "" : StringLiteral.Decode(cursor, text);
                cursor.Expect(TokenKind.RightParenthesis, "`)`");
            }

            var span = SourceSpan.Between(start, cursor.Previous);
            if (annotations.Any(other => other.Name == name))
            {
                cursor.Report(span, $"the annotation `@{name}` is given twice");
            }

            annotations.Add(new(name, value, span));
        }

        return annotations.DrainToImmutable();
    }

    private Effect ParseEffect()
    {
        if (_cursor.TryTakeKeyword("permit"))
        {
            return Effect.Permit;
        }

        if (!_cursor.TryTakeKeyword("forbid"))
        {
            _cursor.FailExpecting("`permit`, `forbid` or an annotation");
        }

        return Effect.Forbid;
    }

    private ConditionSyntax ParseCondition()
    {
        var start = _cursor.Current.Span;
        var isWhen = _cursor.TryTakeKeyword("when");
        if (!isWhen && !_cursor.TryTakeKeyword("unless"))
        {
            _cursor.FailExpecting("`when`, `unless` or `;`");
        }

        _cursor.Expect(TokenKind.LeftBrace, "`{`");
        var body = _expressions.Parse();
        _cursor.Expect(TokenKind.RightBrace, "`}` or an operator");
        return new(isWhen, body, SourceSpan.Between(start, _cursor.Previous));
    }
}
