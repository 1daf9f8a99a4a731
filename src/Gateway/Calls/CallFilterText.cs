using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Core.Audit.Index;
using Gateway.Tasks;

namespace Gateway.Calls;

/// <summary>Reads what calls are asked for, as the admin API's parameters and the command line's options have it.</summary>
/// <remarks>Strict: a filter that was mistyped and ignored would answer with calls that nobody asked for.</remarks>
internal sealed partial class CallFilterText(TimeProvider timeProvider)
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;

    /// <summary>RFC 3339, section 5.6, with an offset: a time without one means another moment on every machine.</summary>
    private static readonly string[] Rfc3339 = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    /// <summary>What is asked for, or the problem in words.</summary>
    /// <param name="parameters">Names and values as they were given; those of no value are as if they were absent.</param>
    /// <param name="question">Newest first; without a cursor where none was given.</param>
    public string? Read(IEnumerable<KeyValuePair<string, string>> parameters, out CallQuestion question)
    {
        var (filter, limit, cursor) = (new CallFilter(), DefaultLimit, (string?)null);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        question = new CallQuestion { Filter = filter, Limit = limit };
        foreach (var (name, value) in parameters)
        {
            if (!seen.Add(name))
            {
                return $"'{name}' is given twice.";
            }

            if (value.Length == 0)
            {
                continue;
            }

            DateTimeOffset time;
            switch (name)
            {
                case "agent":
                    filter = filter with { Agent = value };
                    break;
                case "tool":
                    filter = filter with { Tool = value };
                    break;
                case "task":
                    filter = filter with { Task = value };
                    break;
                case "reason":
                    filter = filter with { Reason = value };
                    break;
                case "decision" when value is "allow" or "deny":
                    filter = filter with { IsAllowed = value == "allow" };
                    break;
                case "decision":
                    return "'decision' takes allow or deny.";
                case "since" when TryReadTime(value, out time):
                    filter = filter with { Since = time };
                    break;
                case "until" when TryReadTime(value, out time):
                    filter = filter with { Until = time };
                    break;
                case "since" or "until":
                    return $"'{name}' takes a time such as 2026-11-21T22:30:00Z, or how long ago: 90s, 15m, 24h.";
                case "limit" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit:
                    break;
                case "limit":
                    return $"'limit' takes a number from 1 to {MaxLimit.ToString(CultureInfo.InvariantCulture)}.";
                case "cursor":
                    cursor = value;
                    break;
                default:
                    return $"There is no parameter '{name}': calls are asked for by agent, tool, decision, reason, task, since, until, limit and cursor.";
            }
        }

        question = new CallQuestion { Filter = filter, Limit = limit, Cursor = cursor };
        return null;
    }

    /// <summary>RFC 3339 sets no limit to a fraction's digits; some platforms write nine.</summary>
    [GeneratedRegex(@"(?<=\.[0-9]{7})[0-9]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FinerThanTicks();

    private bool TryReadTime(string value, out DateTimeOffset time)
    {
        // A plus sign that was not escaped in a query is a blank by the time that it gets here.
        var text = FinerThanTicks().Replace(value.Replace(' ', '+').ToUpperInvariant(), "");
        if (DateTimeOffset.TryParseExact(text, Rfc3339, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time))
        {
            return true;
        }

        var isDuration = DurationText.TryParse(value, out var ago) && ago >= TimeSpan.Zero;
        time = isDuration ? timeProvider.GetUtcNow() - ago : default;
        return isDuration;
    }
}
