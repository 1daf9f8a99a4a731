using System.Collections.Immutable;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Formatting;

/// <summary>Makes the layout of a file that is known to parse, from its tokens and comments.</summary>
internal sealed class PolicyLayout
{
    private readonly SourceText _source;
    private readonly Token[] _tokens;
    private readonly CommentedTokens _comments;
    private int _index;

    public PolicyLayout(SourceText source)
    {
        _source = source;
        var comments = new List<Token>();
        _tokens = new Lexer(source, new(source), comments).Run();
        _comments = new(source, _tokens, comments);
    }

    private Token Current => _tokens[_index];

    public string Format(int lineWidth, int indentWidth)
    {
        var parts = ImmutableArray.CreateBuilder<Layout>();
        while (Current.Kind != TokenKind.End)
        {
            if (_index > 0)
            {
                parts.Add(Layout.Blank);
            }

            parts.Add(Policy());
        }

        if (_comments.Before(_index) is { } last)
        {
            parts.Add(_index > 0 ? Layout.Blank : Sequence());
            parts.Add(last);
        }

        return new LayoutPrinter(lineWidth, indentWidth).Print(Sequence(parts));
    }

    private Layout.Sequence Policy()
    {
        var parts = ImmutableArray.CreateBuilder<Layout>();
        while (Current.Kind == TokenKind.At)
        {
            parts.Add(Annotation());
            parts.Add(Layout.Newline);
        }

        parts.Add(Take());
        parts.Add(new Layout.Text(" "));
        parts.Add(Bracketed());
        while (Current.Kind == TokenKind.Identifier)
        {
            parts.Add(Layout.Newline);
            parts.Add(Take());
            parts.Add(new Layout.Text(" "));
            var open = Take();
            var body = Run(TokenKind.RightBrace);
            parts.Add(new Layout.Group(Sequence(open, new Layout.Indented(Sequence(Layout.Space, body)), Layout.Space, Take())));
        }

        parts.Add(Take());
        parts.Add(Layout.Newline);
        return Sequence(parts);
    }

    private Layout.Sequence Annotation()
    {
        var parts = ImmutableArray.CreateBuilder<Layout>();
        parts.Add(Take());
        parts.Add(Take());
        if (Current.Kind == TokenKind.LeftParenthesis)
        {
            parts.Add(Take());
            parts.Add(Take());
            parts.Add(Take());
        }

        return Sequence(parts);
    }

    private Layout.Group Bracketed()
    {
        var close = Current.Kind switch
        {
            TokenKind.LeftParenthesis => TokenKind.RightParenthesis,
            TokenKind.LeftBracket => TokenKind.RightBracket,
            _ => TokenKind.RightBrace,
        };
        var open = Take();
        if (Current.Kind == close)
        {
            return new(Sequence(open, Take()));
        }

        var content = Run(close);
        return new(Sequence(open, new Layout.Indented(Sequence(Layout.Seam, content)), Layout.Seam, Take()));
    }

    // Everything up to the closing sign of the bracket that the run stands in.
    private Layout.Sequence Run(TokenKind close)
    {
        var parts = ImmutableArray.CreateBuilder<Layout>();
        var start = _index;
        while (Current.Kind != close)
        {
            if (_index > start)
            {
                parts.Add(TokenSpacing.Between(_source, _tokens, _index, start));
            }

            parts.Add(Current.Kind is TokenKind.LeftParenthesis or TokenKind.LeftBracket or TokenKind.LeftBrace ? Bracketed() : Take());
        }

        return Sequence(parts);
    }

    private Layout Take()
    {
        var before = _comments.Before(_index);
        var after = _comments.After(_index);
        Layout text = new Layout.Text(_source.Text.Substring(Current.Start, Current.Length));
        _index++;
        return before is null && after is null
            ? text
            : Sequence(before ?? Sequence(), text, after ?? Sequence());
    }

    private static Layout.Sequence Sequence(params ReadOnlySpan<Layout> parts) => new(parts.ToImmutableArray());

    private static Layout.Sequence Sequence(ImmutableArray<Layout>.Builder parts) => new(parts.DrainToImmutable());
}
