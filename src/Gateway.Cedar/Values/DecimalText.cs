using System.Globalization;

namespace Gateway.Cedar;

/// <summary>Reads and prints <c>decimal</c>, a 64-bit count of ten-thousandths.</summary>
internal static class DecimalText
{
    private const int Scale = 10_000;
    private const int FractionDigits = 4;

    public static bool TryParse(ReadOnlySpan<char> text, out long tenThousandths)
    {
        tenThousandths = 0;
        var isNegative = text.StartsWith('-');
        var digits = isNegative ? text[1..] : text;
        var point = digits.IndexOf('.');
        if (point <= 0)
        {
            return false;
        }

        var whole = digits[..point];
        var fraction = digits[(point + 1)..];
        if (fraction.Length is 0 or > FractionDigits || !AllDigits(whole) || !AllDigits(fraction))
        {
            return false;
        }

        // Twenty digits are more than any value in range has.
        whole = whole.TrimStart('0');
        if (whole.Length > 20)
        {
            return false;
        }

        var value = whole.IsEmpty ? Int128.Zero : Int128.Parse(whole, NumberStyles.None, CultureInfo.InvariantCulture) * Scale;
        var factor = Scale;
        foreach (var digit in fraction)
        {
            factor /= 10;
            value += (digit - '0') * factor;
        }

        value = isNegative ? -value : value;
        if (value < long.MinValue || value > long.MaxValue)
        {
            return false;
        }

        tenThousandths = (long)value;
        return true;
    }

    public static string Format(long tenThousandths)
    {
        var magnitude = Int128.Abs(tenThousandths);
        var fraction = ((int)(magnitude % Scale)).ToString("0000", CultureInfo.InvariantCulture).TrimEnd('0');
        return $"{(tenThousandths < 0 ? "-" : "")}{magnitude / Scale}.{(fraction.Length == 0 ? "0" : fraction)}";
    }

    private static bool AllDigits(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') < 0;
}
