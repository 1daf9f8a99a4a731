namespace Gateway.Cedar;

/// <summary>The functions and methods of <c>ipaddr</c>, <c>decimal</c>, <c>datetime</c> and <c>duration</c>.</summary>
internal static class ExtensionLibrary
{
    public static IEnumerable<ExtensionFunction> CreateAll() =>
    [
        Constructor("ip", ValueKind.IPAddress, static text => IPRange.Parse(text) is { } range ? CedarValue.From(range) : default),
        Constructor("decimal", ValueKind.Decimal, static text => DecimalText.TryParse(text, out var value) ? CedarValue.FromDecimal(value) : default),
        Constructor("datetime", ValueKind.DateTime, static text => TimeText.TryParseDateTime(text, out var value) ? CedarValue.FromDateTime(value) : default),
        Constructor("duration", ValueKind.Duration, static text => TimeText.TryParseDuration(text, out var value) ? CedarValue.FromDuration(value) : default),

        OfAddress("isIpv4", static range => !range.IsV6),
        OfAddress("isIpv6", static range => range.IsV6),
        OfAddress("isLoopback", static range => range.IsLoopback),
        OfAddress("isMulticast", static range => range.IsMulticast),
        new("isInRange", true, [ValueKind.IPAddress, ValueKind.IPAddress], ValueKind.Boolean,
            static (one, two) => CedarValue.From(one.IPRangeOrNull is { } a && two.IPRangeOrNull is { } b && a.IsInRange(b))),

        OfDecimals("lessThan", static (a, b) => a < b),
        OfDecimals("lessThanOrEqual", static (a, b) => a <= b),
        OfDecimals("greaterThan", static (a, b) => a > b),
        OfDecimals("greaterThanOrEqual", static (a, b) => a >= b),

        new("offset", true, [ValueKind.DateTime, ValueKind.Duration], ValueKind.DateTime,
            static (one, two) => InRange((Int128)one.Number + two.Number) is { } sum ? CedarValue.FromDateTime(sum) : default),
        new("durationSince", true, [ValueKind.DateTime, ValueKind.DateTime], ValueKind.Duration,
            static (one, two) => InRange((Int128)one.Number - two.Number) is { } difference ? CedarValue.FromDuration(difference) : default),
        new("toDate", true, [ValueKind.DateTime], ValueKind.DateTime,
            static (one, _) => InRange((Int128)one.Number - TimeOfDay(one.Number)) is { } date ? CedarValue.FromDateTime(date) : default),
        new("toTime", true, [ValueKind.DateTime], ValueKind.Duration,
            static (one, _) => CedarValue.FromDuration(TimeOfDay(one.Number))),

        OfDuration("toMilliseconds", 1),
        OfDuration("toSeconds", 1_000),
        OfDuration("toMinutes", 60_000),
        OfDuration("toHours", 3_600_000),
        OfDuration("toDays", TimeText.MillisecondsPerDay),
    ];

    private static ExtensionFunction Constructor(string name, ValueKind result, Func<string, CedarValue> parse) =>
        new(name, false, [ValueKind.String], result, (text, _) => parse(text.AsString()));

    private static ExtensionFunction OfAddress(string name, Func<IPRange, bool> test) =>
        new(name, true, [ValueKind.IPAddress], ValueKind.Boolean, (one, _) => CedarValue.From(one.IPRangeOrNull is { } range && test(range)));

    private static ExtensionFunction OfDecimals(string name, Func<long, long, bool> test) =>
        new(name, true, [ValueKind.Decimal, ValueKind.Decimal], ValueKind.Boolean, (one, two) => CedarValue.From(test(one.Number, two.Number)));

    private static ExtensionFunction OfDuration(string name, long unit) =>
        new(name, true, [ValueKind.Duration], ValueKind.Long, (one, _) => CedarValue.From(one.Number / unit));

    private static long TimeOfDay(long milliseconds)
    {
        var time = milliseconds % TimeText.MillisecondsPerDay;
        return time < 0 ? time + TimeText.MillisecondsPerDay : time;
    }

    private static long? InRange(Int128 value) => value == (long)value ? (long)value : null;
}
