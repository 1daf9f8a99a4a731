using System.Globalization;
using System.Text;

namespace Gateway.Cedar.Syntax;

/// <summary>Undoes and makes the escapes of string literals and patterns.</summary>
internal static class StringLiteral
{
    public static string Decode(TokenCursor cursor, Token token)
    {
        var text = cursor.Source.Text.AsSpan(token.Start + 1, token.Length - 2);
        return text.IndexOfAny('\\', '\r') < 0
            ? text.ToString()
            : DecodeParts(cursor, token, isPattern: false)[0];
    }

    /// <summary>The literal parts between the wildcards: <c>"a*b"</c> gives <c>a</c> and <c>b</c>.</summary>
    public static LikePattern DecodePattern(TokenCursor cursor, Token token) =>
        new([.. DecodeParts(cursor, token, isPattern: true)]);

    public static string Encode(string value) => EncodePart(value, isPattern: false).Insert(0, "\"") + "\"";

    public static string EncodePart(string value, bool isPattern)
    {
        var text = new StringBuilder(value.Length + 2);
        foreach (var rune in value.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\0' => text.Append("\\0"),
                '*' when isPattern => text.Append("\\*"),
                _ when IsUnprintable(rune) => text.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}"),
                _ => text.Append(rune.ToString()),
            };
        }

        return text.ToString();
    }

    // Text that cannot be seen, or that reorders what is seen, must not hide in a printed policy.
    private static bool IsUnprintable(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate;

    private static List<string> DecodeParts(TokenCursor cursor, Token token, bool isPattern)
    {
        var source = cursor.Source.Text;
        var end = token.Start + token.Length - 1;
        var parts = new List<string>();
        var text = new StringBuilder();
        var position = token.Start + 1;
        while (position < end)
        {
            var c = source[position];
            if (c == '\\')
            {
                position = DecodeEscape(cursor, position, end, isPattern, text);
            }
            else if (c == '*' && isPattern)
            {
                parts.Add(text.ToString());
                text.Clear();
                position++;
            }
            else if (c == '\r')
            {
                cursor.Report(new(position, 1), "a carriage return inside a string must be written as `\\r`");
                position++;
            }
            else
            {
                text.Append(c);
                position++;
            }
        }

        parts.Add(text.ToString());
        return parts;
    }

    private static int DecodeEscape(TokenCursor cursor, int position, int end, bool isPattern, StringBuilder text)
    {
        var source = cursor.Source.Text;
        var c = source[position + 1];
        switch (c)
        {
            case 'n': text.Append('\n'); return position + 2;
            case 'r': text.Append('\r'); return position + 2;
            case 't': text.Append('\t'); return position + 2;
            case '0': text.Append('\0'); return position + 2;
            case '\\' or '"' or '\'': text.Append(c); return position + 2;
            case '*' when isPattern: text.Append('*'); return position + 2;
            case 'x': return DecodeHexadecimal(cursor, position, end, text);
            case 'u': return DecodeUnicode(cursor, position, end, text);
            default:
                var length = char.IsHighSurrogate(c) ? 3 : 2;
                cursor.Report(new(position, length), $"`{source.Substring(position, length)}` is not an escape, expected one of \\n \\r \\t \\0 \\\\ \\\" \\' \\x00..\\x7f \\u{{…}}");
                return position + length;
        }
    }

    private static int DecodeHexadecimal(TokenCursor cursor, int position, int end, StringBuilder text)
    {
        var source = cursor.Source.Text;
        if (position + 4 <= end
            && char.IsAsciiHexDigit(source[position + 2])
            && char.IsAsciiHexDigit(source[position + 3])
            && byte.Parse(source.AsSpan(position + 2, 2), NumberStyles.AllowHexSpecifier) is var value and < 0x80)
        {
            text.Append((char)value);
            return position + 4;
        }

        cursor.Report(new(position, Math.Min(4, end - position)), "expected two hexadecimal digits from 00 to 7f after `\\x`");
        return position + 2;
    }

    private static int DecodeUnicode(TokenCursor cursor, int position, int end, StringBuilder text)
    {
        var source = cursor.Source.Text;
        var at = position + 2;
        var value = 0;
        var digits = 0;
        if (at < end && source[at] == '{')
        {
            for (at++; at < end && digits <= 6; at++)
            {
                if (char.IsAsciiHexDigit(source[at]))
                {
                    value = (value << 4) | Convert.ToInt32(source.Substring(at, 1), 16);
                    digits++;
                }
                else if (source[at] != '_' || digits == 0)
                {
                    break;
                }
            }

            if (digits is > 0 and <= 6 && at < end && source[at] == '}' && Rune.IsValid(value))
            {
                text.Append(new Rune(value).ToString());
                return at + 1;
            }
        }

        cursor.Report(new(position, Math.Max(2, Math.Min(at + 1, end) - position)), "expected a Unicode scalar value of one to six hexadecimal digits, as in `\\u{1F600}`");
        return Math.Max(at, position + 2);
    }
}
