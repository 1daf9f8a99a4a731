using System.Globalization;

namespace Gateway.Cedar.Syntax;

/// <summary>Reads the digits of a Long, with the sign before them, since the smallest Long has no positive counterpart.</summary>
internal static class LongLiteral
{
    public static long Decode(TokenCursor cursor, Token token, bool isNegative)
    {
        var digits = cursor.SpanOf(token).TrimStart('0');
        if (UInt128.TryParse(digits.IsEmpty ? "0" : digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && digits.Length < 30
            && value <= (isNegative ? (UInt128)long.MaxValue + 1 : (UInt128)long.MaxValue))
        {
            return isNegative ? unchecked(-(long)value) : (long)value;
        }

        cursor.Report(token.Span, $"`{(isNegative ? "-" : "")}{cursor.TextOf(token)}` does not fit into a 64-bit Long");
        return 0;
    }
}
