using System.Globalization;
using Gateway.Core.Audit.Index;

namespace Gateway.Integrations.Postgres;

/// <summary>Places among the calls of several logs, as text.</summary>
internal static class PostgresCursor
{
    /// <summary>Of pages: calls are ordered by time, then by log, then by sequence number.</summary>
    public static string Format(long time, Guid log, long sequence) => string.Create(CultureInfo.InvariantCulture, $"{time}.{log:N}.{sequence}");

    /// <exception cref="CallCursorException">It is none.</exception>
    public static (long Time, Guid Log, long Sequence) Parse(string text) =>
        text.Split('.') is [var first, var second, var third]
        && long.TryParse(first, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time)
        && Guid.TryParseExact(second, "N", out var log)
        && long.TryParse(third, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? (time, log, sequence)
            : throw new CallCursorException();

    /// <summary>Of a stream: how far each log was read. Each is gapless by itself, so that nothing is missed whichever gateway is late.</summary>
    public static string Format(IEnumerable<KeyValuePair<Guid, long>> logs) =>
        string.Join('_', logs.OrderBy(log => log.Key).Select(log => string.Create(CultureInfo.InvariantCulture, $"{log.Key:N}.{log.Value}")).DefaultIfEmpty("0"));

    /// <exception cref="CallCursorException">It is none.</exception>
    public static Dictionary<Guid, long> ParseLogs(string text)
    {
        var logs = new Dictionary<Guid, long>();
        foreach (var part in text == "0" ? [] : text.Split('_'))
        {
            if (part.Split('.') is not [var first, var second]
                || !Guid.TryParseExact(first, "N", out var log)
                || !long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
                || !logs.TryAdd(log, sequence))
            {
                throw new CallCursorException();
            }
        }

        return logs;
    }
}
