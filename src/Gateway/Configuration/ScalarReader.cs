using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Gateway.Core.Credentials;

namespace Gateway.Configuration;

/// <summary>Turns the text at a key into a value of an option's type.</summary>
internal sealed partial class ScalarReader(string baseDirectory)
{
    public static bool CanRead(Type type) =>
        type == typeof(string) || type == typeof(bool) || type == typeof(TimeSpan) || type == typeof(DateTimeOffset) ||
        type == typeof(SecretReference) || type == typeof(AuditKeyReference) || type == typeof(int) || type.IsEnum;

    /// <summary>Returns null and what to write instead where the text does not fit.</summary>
    public object? Read(Type type, string text, string? expects, PropertyInfo property, out string problem)
    {
        problem = "";
        if (type == typeof(SecretReference))
        {
            return SecretReferenceSyntax.Parse(text, baseDirectory, out problem);
        }

        if (type == typeof(AuditKeyReference))
        {
            return AuditKeyReference.Parse(text, baseDirectory, out problem);
        }

        if (type == typeof(string))
        {
            problem = Problem(text, expects, property.IsDefined(typeof(MayBeEmptyAttribute)));
            return problem.Length == 0 ? text : null;
        }

        if (type == typeof(bool))
        {
            problem = "must be true or false.";
            return bool.TryParse(text, out var flag) ? flag : null;
        }

        if (type == typeof(int))
        {
            problem = $"must be {expects}.";
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        }

        if (type == typeof(TimeSpan))
        {
            return ReadDuration(text, property.GetCustomAttribute<BetweenAttribute>(), out problem);
        }

        if (type == typeof(DateTimeOffset))
        {
            problem = $"must be a date or a time with its offset: write {expects}.";
            return ReadTime(text);
        }

        problem = $"must be {string.Join(" or ", Enum.GetNames(type).Select(name => $"\"{name}\""))}.";
        var known = Array.Find(Enum.GetNames(type), name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase));
        return known is null ? null : Enum.Parse(type, known);
    }

    private static string Problem(string text, string? expects, bool mayBeEmpty)
    {
        if (string.IsNullOrWhiteSpace(text) && !(mayBeEmpty && text.Length == 0))
        {
            return expects is null ? "must not be empty." : $"must not be empty: write {expects}.";
        }

        // They would end up in a header, a log line or a terminal.
        return text.Any(char.IsControl) ? "must not contain line breaks or other control characters." : "";
    }

    private static TimeSpan? ReadDuration(string text, BetweenAttribute? between, out string problem)
    {
        // TimeSpan.Parse takes "30" for thirty days and "24:00:00" for twenty-four, so that the form is fixed here.
        if (!Duration().IsMatch(text) || !TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var duration))
        {
            problem = "must be a duration: write hours, minutes and seconds such as \"00:00:30\", with days before a dot such as \"1.00:00:00\".";
            return null;
        }

        problem = "";
        if (between is not null && (duration < between.Minimum || duration > between.Maximum))
        {
            problem = $"must be between {between.Minimum:c} and {between.Maximum:c}.";
            return null;
        }

        return duration;
    }

    private static DateTimeOffset? ReadTime(string text)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            // The last instant of the day, so that printing it names the day that was written.
            return new DateTimeOffset(date, TimeOnly.MaxValue, TimeSpan.Zero);
        }

        return Timestamp().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
    }

    [GeneratedRegex(@"\A(\d{1,7}\.)?([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,7})?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Duration();

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Timestamp();
}
