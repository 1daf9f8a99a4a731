using System.Collections.Immutable;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Formatting;

/// <summary>Gives each comment to a token: to the one before it on its line, else to the one that follows.</summary>
internal sealed class CommentedTokens
{
    private readonly Dictionary<int, ImmutableArray<string>> _before = [];
    private readonly Dictionary<int, string> _after = [];

    public CommentedTokens(SourceText source, Token[] tokens, List<Token> comments)
    {
        var next = 0;
        foreach (var comment in comments)
        {
            while (tokens[next].Kind != TokenKind.End && tokens[next].Start < comment.Start)
            {
                next++;
            }

            var text = source.Text.Substring(comment.Start, comment.Length).TrimEnd();
            if (next > 0 && !_before.ContainsKey(next) && !_after.ContainsKey(next - 1) && IsSameLine(source, tokens[next - 1], comment))
            {
                _after.Add(next - 1, text);
            }
            else
            {
                _before[next] = _before.TryGetValue(next, out var earlier) ? earlier.Add(text) : [text];
            }
        }
    }

    /// <summary>The comments on lines of their own before a token.</summary>
    public Layout? Before(int index) =>
        _before.TryGetValue(index, out var comments)
            ? new Layout.Sequence([Layout.Newline, .. comments.SelectMany(static comment => (Layout[])[new Layout.Text(comment), Layout.Newline])])
            : null;

    /// <summary>The comment at the end of a token's line.</summary>
    public Layout? After(int index) =>
        _after.TryGetValue(index, out var comment) ? new Layout.Sequence([new Layout.Text(" " + comment), Layout.Newline]) : null;

    private static bool IsSameLine(SourceText source, Token token, Token comment)
    {
        var end = token.Start + token.Length;
        return source.Text.AsSpan(end, comment.Start - end).IndexOfAny('\n', '\r') < 0;
    }
}
