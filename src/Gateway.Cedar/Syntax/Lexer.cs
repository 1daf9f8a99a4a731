using System.Buffers;

namespace Gateway.Cedar.Syntax;

/// <summary>Splits policy and schema text into tokens, in one pass and linear time.</summary>
internal sealed class Lexer(SourceText source, DiagnosticList diagnostics, List<Token>? comments = null)
{
    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\n\r");
    private static readonly SearchValues<char> StringStops = SearchValues.Create("\"\\");

    private readonly string _text = source.Text;
    private readonly List<Token> _tokens = [];
    private bool _stringRunsToEnd;

    public static bool IsIdentifier(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !IsIdentifierStart(text[0]))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!IsIdentifierPart(c))
            {
                return false;
            }
        }

        return true;
    }

    public Token[] Run()
    {
        RefuseLoneSurrogates();
        var position = 0;
        while (position < _text.Length)
        {
            var c = _text[position];
            if (char.IsWhiteSpace(c))
            {
                position++;
            }
            else if (c == '/' && At(position + 1) == '/')
            {
                var length = _text.AsSpan(position).IndexOfAny(LineEnds);
                var end = length < 0 ? _text.Length : position + length;
                comments?.Add(new(TokenKind.Comment, position, end - position));
                position = end;
            }
            else
            {
                position = ReadToken(position, c);
            }
        }

        _tokens.Add(new(TokenKind.End, _text.Length, 0));
        return [.. _tokens];
    }

    // Half a character inside a string could neither be compared nor written anywhere.
    private void RefuseLoneSurrogates()
    {
        for (var at = FindSurrogate(0); at >= 0; at = FindSurrogate(at + 1))
        {
            if (char.IsHighSurrogate(_text[at]) && char.IsLowSurrogate(At(at + 1)))
            {
                at++;
            }
            else
            {
                diagnostics.Add(new(at, 1), $"U+{(int)_text[at]:X4} is half a character");
            }
        }
    }

    private int FindSurrogate(int start)
    {
        var found = start < _text.Length ? _text.AsSpan(start).IndexOfAnyInRange('\uD800', '\uDFFF') : -1;
        return found < 0 ? -1 : start + found;
    }

    private int ReadToken(int start, char c)
    {
        if (IsIdentifierStart(c))
        {
            return Add(TokenKind.Identifier, start, IdentifierEnd(start));
        }

        if (char.IsAsciiDigit(c))
        {
            var end = start;
            while (char.IsAsciiDigit(At(end)))
            {
                end++;
            }

            return Add(TokenKind.Number, start, end);
        }

        return c switch
        {
            '"' => ReadString(start),
            '?' when IsIdentifierStart(At(start + 1)) => Add(TokenKind.Slot, start, IdentifierEnd(start + 1)),
            _ => ReadPunctuation(start, c),
        };
    }

    private int ReadPunctuation(int start, char c)
    {
        var next = At(start + 1);
        return (c, next) switch
        {
            (':', ':') => Add(TokenKind.DoubleColon, start, start + 2),
            ('=', '=') => Add(TokenKind.Equal, start, start + 2),
            ('!', '=') => Add(TokenKind.NotEqual, start, start + 2),
            ('<', '=') => Add(TokenKind.LessOrEqual, start, start + 2),
            ('>', '=') => Add(TokenKind.GreaterOrEqual, start, start + 2),
            ('|', '|') => Add(TokenKind.Or, start, start + 2),
            ('&', '&') => Add(TokenKind.And, start, start + 2),
            ('@', _) => Add(TokenKind.At, start, start + 1),
            ('.', _) => Add(TokenKind.Dot, start, start + 1),
            (',', _) => Add(TokenKind.Comma, start, start + 1),
            (';', _) => Add(TokenKind.Semicolon, start, start + 1),
            (':', _) => Add(TokenKind.Colon, start, start + 1),
            ('?', _) => Add(TokenKind.Question, start, start + 1),
            ('(', _) => Add(TokenKind.LeftParenthesis, start, start + 1),
            (')', _) => Add(TokenKind.RightParenthesis, start, start + 1),
            ('{', _) => Add(TokenKind.LeftBrace, start, start + 1),
            ('}', _) => Add(TokenKind.RightBrace, start, start + 1),
            ('[', _) => Add(TokenKind.LeftBracket, start, start + 1),
            (']', _) => Add(TokenKind.RightBracket, start, start + 1),
            ('<', _) => Add(TokenKind.Less, start, start + 1),
            ('>', _) => Add(TokenKind.Greater, start, start + 1),
            ('+', _) => Add(TokenKind.Plus, start, start + 1),
            ('-', _) => Add(TokenKind.Minus, start, start + 1),
            ('*', _) => Add(TokenKind.Times, start, start + 1),
            ('/', _) => Add(TokenKind.Divide, start, start + 1),
            ('%', _) => Add(TokenKind.Remainder, start, start + 1),
            ('!', _) => Add(TokenKind.Not, start, start + 1),
            ('=', _) => Add(TokenKind.Assign, start, start + 1),
            _ => ReadInvalid(start, c),
        };
    }

    private int ReadInvalid(int start, char c)
    {
        var length = char.IsHighSurrogate(c) && char.IsLowSurrogate(At(start + 1)) ? 2 : 1;
        var shown = char.IsControl(c) || c is '\uFEFF' || char.IsSurrogate(c) && length == 1
            ? $"U+{(int)c:X4}"
            : _text.Substring(start, length);
        diagnostics.Add(new(start, length), $"`{shown}` is not part of the language");
        return Add(TokenKind.Invalid, start, start + length);
    }

    // A string may span lines, so one that never closes would be scanned to the end again from every
    // later quote; once that has happened, no string is followed beyond its line.
    private int ReadString(int start)
    {
        var limit = _text.Length;
        if (_stringRunsToEnd)
        {
            var lineEnd = _text.AsSpan(start).IndexOfAny(LineEnds);
            limit = lineEnd < 0 ? _text.Length : start + lineEnd;
        }

        var position = start + 1;
        var broken = false;
        while (true)
        {
            var skip = _text.AsSpan(position, limit - position).IndexOfAny(StringStops);
            if (skip < 0)
            {
                break;
            }

            position += skip;
            if (_text[position] == '"')
            {
                return Add(broken ? TokenKind.Invalid : TokenKind.String, start, position + 1);
            }

            if (At(position + 1) == '\n' && position + 1 < limit)
            {
                diagnostics.Add(new(position, 1), "a backslash cannot end a line inside a string");
                broken = true;
            }

            position += 2;
            if (position > limit)
            {
                break;
            }
        }

        _stringRunsToEnd = true;
        var end = _text.AsSpan(start).IndexOfAny(LineEnds);
        diagnostics.Add(new(start, 1), "this string is never closed, expected `\"`");
        return Add(TokenKind.Invalid, start, end < 0 ? _text.Length : start + end);
    }

    private int IdentifierEnd(int start)
    {
        var end = start;
        while (IsIdentifierPart(At(end)))
        {
            end++;
        }

        return end;
    }

    private static bool IsIdentifierStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private static bool IsIdentifierPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private char At(int position) => position < _text.Length ? _text[position] : '\0';

    private int Add(TokenKind kind, int start, int end)
    {
        _tokens.Add(new(kind, start, end - start));
        return end;
    }
}
