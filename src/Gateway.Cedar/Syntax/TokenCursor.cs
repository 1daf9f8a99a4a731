namespace Gateway.Cedar.Syntax;

/// <summary>The parsers' view of the tokens, with the rule for mistakes.</summary>
/// <remarks>
/// After a mistake the cursor shows the end of input until <see cref="Resynchronise"/>, so that every
/// parsing loop ends by itself, one mistake is reported once, and no exception is needed.
/// </remarks>
internal sealed class TokenCursor
{
    private readonly Token[] _tokens;
    private readonly DiagnosticList _diagnostics;
    private int _index;

    public TokenCursor(SourceText source, DiagnosticList diagnostics)
    {
        Source = source;
        _diagnostics = diagnostics;
        _tokens = new Lexer(source, diagnostics).Run();
    }

    public SourceText Source { get; }

    public bool HasFailed { get; private set; }

    /// <summary>True behind the last token, and when there are too many mistakes to go on.</summary>
    public bool IsAtEnd => _tokens[_index].Kind == TokenKind.End || _diagnostics.IsFull;

    public Token Current => HasFailed ? new(TokenKind.End, _tokens[_index].Start, 0) : _tokens[_index];

    public TokenKind Kind => HasFailed ? TokenKind.End : _tokens[_index].Kind;

    public TokenKind NextKind => HasFailed || IsAtEnd ? TokenKind.End : _tokens[_index + 1].Kind;

    /// <summary>The kind of a later token, without taking any.</summary>
    public TokenKind Peek(int offset) =>
        HasFailed || _index + offset >= _tokens.Length ? TokenKind.End : _tokens[_index + offset].Kind;

    public SourceSpan Previous => _index == 0 ? default : _tokens[_index - 1].Span;

    public string TextOf(Token token) => Source.Text.Substring(token.Start, token.Length);

    public ReadOnlySpan<char> SpanOf(Token token) => Source.Text.AsSpan(token.Start, token.Length);

    public bool IsKeyword(string keyword) =>
        Kind == TokenKind.Identifier && SpanOf(Current).SequenceEqual(keyword);

    public Token Take()
    {
        var token = Current;
        if (token.Kind != TokenKind.End)
        {
            _index++;
        }

        return token;
    }

    public bool TryTake(TokenKind kind)
    {
        if (Kind != kind)
        {
            return false;
        }

        _index++;
        return true;
    }

    public bool TryTakeKeyword(string keyword)
    {
        if (!IsKeyword(keyword))
        {
            return false;
        }

        _index++;
        return true;
    }

    public Token Expect(TokenKind kind, string expected)
    {
        if (Kind == kind)
        {
            return Take();
        }

        FailExpecting(expected);
        return Current;
    }

    public void FailExpecting(string expected)
    {
        var token = Current;
        Fail(token.Kind == TokenKind.End
            ? $"the text ends here, expected {expected}"
            : $"unexpected `{TextOf(token)}`, expected {expected}");
    }

    /// <summary>Reports at the current token and shows the end of input from here on.</summary>
    public void Fail(string message)
    {
        if (!HasFailed && _tokens[_index].Kind != TokenKind.Invalid)
        {
            Report(_tokens[_index].Span, message);
        }

        HasFailed = true;
    }

    /// <summary>Reports a mistake that does not keep the parser from going on.</summary>
    public void Report(SourceSpan span, string message) => _diagnostics.Add(span, message);

    /// <summary>Goes behind the next semicolon, the only token that ends a policy and stands nowhere else.</summary>
    public void Resynchronise()
    {
        HasFailed = false;
        while (_tokens[_index].Kind is not (TokenKind.End or TokenKind.Semicolon))
        {
            _index++;
        }

        TryTake(TokenKind.Semicolon);
    }
}
