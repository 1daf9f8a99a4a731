using System.Globalization;

namespace Gateway.Cedar;

/// <summary>Reads and prints <c>datetime</c> and <c>duration</c>, both 64-bit counts of milliseconds.</summary>
internal static class TimeText
{
    public const long MillisecondsPerDay = 86_400_000;

    private static readonly (string Unit, long Milliseconds)[] Units =
        [("d", MillisecondsPerDay), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    /// <summary><c>YYYY-MM-DD</c>, or with <c>THH:MM:SS[.SSS]</c> and <c>Z</c> or <c>±hhmm</c>.</summary>
    public static bool TryParseDateTime(ReadOnlySpan<char> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text.Length < 10 || text[4] != '-' || text[7] != '-'
            || !TryDigits(text[..4], 9999, out var year)
            || !TryDigits(text[5..7], 12, out var month) || month == 0
            || !TryDigits(text[8..10], 31, out var day) || day == 0
            || day > DaysIn(year, month))
        {
            return false;
        }

        milliseconds = DaysSinceEpoch(year, month, day) * MillisecondsPerDay;
        return text.Length == 10 || TryParseTime(text[10..], ref milliseconds);
    }

    public static bool TryParseDuration(ReadOnlySpan<char> text, out long milliseconds)
    {
        milliseconds = 0;
        var isNegative = text.StartsWith('-');
        var rest = isNegative ? text[1..] : text;
        if (rest.IsEmpty)
        {
            return false;
        }

        Int128 total = 0;
        var nextUnit = 0;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0)
            {
                return false;
            }

            var number = rest[..digits].TrimStart('0');
            rest = rest[digits..];
            var letters = rest.IndexOfAnyInRange('0', '9');
            var unit = letters < 0 ? rest : rest[..letters];
            rest = rest[unit.Length..];
            while (nextUnit < Units.Length && !unit.SequenceEqual(Units[nextUnit].Unit))
            {
                nextUnit++;
            }

            if (nextUnit == Units.Length || number.Length > 20)
            {
                return false;
            }

            var count = number.IsEmpty ? Int128.Zero : Int128.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture);
            total += count * Units[nextUnit].Milliseconds;
            nextUnit++;
        }

        total = isNegative ? -total : total;
        if (total < long.MinValue || total > long.MaxValue)
        {
            return false;
        }

        milliseconds = (long)total;
        return true;
    }

    public static string FormatDateTime(long milliseconds)
    {
        var days = Math.DivRem(milliseconds, MillisecondsPerDay, out var time);
        if (time < 0)
        {
            days--;
            time += MillisecondsPerDay;
        }

        // What DateOnly can hold (years 1 to 9999); the rest has no literal of its own.
        var number = days + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        if (number < DateOnly.MinValue.DayNumber || number > DateOnly.MaxValue.DayNumber)
        {
            return $"datetime(\"1970-01-01\").offset(duration(\"{milliseconds}ms\"))";
        }

        var date = DateOnly.FromDayNumber((int)number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return time == 0
            ? $"datetime(\"{date}\")"
            : $"datetime(\"{date}T{TimeSpan.FromMilliseconds(time).ToString(@"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture)}Z\")";
    }

    private static bool TryParseTime(ReadOnlySpan<char> text, ref long milliseconds)
    {
        if (text.Length < 10 || text[0] != 'T' || text[3] != ':' || text[6] != ':'
            || !TryDigits(text[1..3], 23, out var hour)
            || !TryDigits(text[4..6], 59, out var minute)
            || !TryDigits(text[7..9], 59, out var second))
        {
            return false;
        }

        milliseconds += ((((hour * 60) + minute) * 60) + second) * 1000L;
        var rest = text[9..];
        if (rest[0] == '.')
        {
            if (rest.Length < 5 || !TryDigits(rest[1..4], 999, out var fraction))
            {
                return false;
            }

            milliseconds += fraction;
            rest = rest[4..];
        }

        if (rest is "Z")
        {
            return true;
        }

        if (rest.Length != 5 || rest[0] is not ('+' or '-')
            || !TryDigits(rest[1..3], 23, out var offsetHours)
            || !TryDigits(rest[3..5], 59, out var offsetMinutes))
        {
            return false;
        }

        var offset = ((offsetHours * 60) + offsetMinutes) * 60_000L;
        milliseconds += rest[0] == '+' ? -offset : offset;
        return true;
    }

    // int.TryParse would skip trailing NUL characters.
    private static bool TryDigits(ReadOnlySpan<char> text, int maximum, out int value)
    {
        value = 0;
        return text.IndexOfAnyExceptInRange('0', '9') < 0
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && value <= maximum;
    }

    // The year 0 is legal in Cedar and leap; DateTime begins with the year 1.
    private static int DaysIn(int year, int month) => DateTime.DaysInMonth(year == 0 ? 4 : year, month);

    private static long DaysSinceEpoch(int year, int month, int day)
    {
        // A leap cycle of 400 years has 146,097 days.
        var shifted = new DateOnly(year == 0 ? 400 : year, month, day).DayNumber - (year == 0 ? 146_097 : 0);
        return shifted - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
    }
}
