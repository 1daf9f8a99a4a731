using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Formatting;

/// <summary>What stands between two tokens: nothing, a space, or a place to break the line.</summary>
internal static class TokenSpacing
{
    private static readonly Layout Nothing = new Layout.Text("");
    private static readonly Layout Blank = new Layout.Text(" ");

    /// <summary>What stands before the token at an index; <paramref name="start"/> is where the bracket's content begins.</summary>
    public static Layout Between(SourceText source, Token[] tokens, int index, int start)
    {
        var previous = tokens[index - 1];
        var current = tokens[index];
        if (previous.Kind is TokenKind.Comma or TokenKind.And or TokenKind.Or)
        {
            return Layout.Space;
        }

        if (current.Kind is TokenKind.Comma or TokenKind.Colon or TokenKind.Dot or TokenKind.DoubleColon
            || previous.Kind is TokenKind.Dot or TokenKind.DoubleColon or TokenKind.Not
            || (previous.Kind == TokenKind.Minus && IsSign(source, tokens, index - 1, start)))
        {
            return Nothing;
        }

        if (current.Kind is TokenKind.LeftParenthesis or TokenKind.LeftBracket && EndsOperand(source, previous))
        {
            return Nothing;
        }

        return IsKeyword(source, current, "then") || IsKeyword(source, current, "else") ? Layout.Space : Blank;
    }

    private static bool IsSign(SourceText source, Token[] tokens, int index, int start) =>
        index == start || !EndsOperand(source, tokens[index - 1]);

    private static bool EndsOperand(SourceText source, Token token) => token.Kind switch
    {
        TokenKind.Number or TokenKind.String or TokenKind.Slot => true,
        TokenKind.RightParenthesis or TokenKind.RightBracket or TokenKind.RightBrace => true,
        TokenKind.Identifier => source.Text.AsSpan(token.Start, token.Length) is not ("if" or "then" or "else" or "in" or "is" or "has" or "like"),
        _ => false,
    };

    private static bool IsKeyword(SourceText source, Token token, string keyword) =>
        token.Kind == TokenKind.Identifier && source.Text.AsSpan(token.Start, token.Length).SequenceEqual(keyword);
}
