using System.Globalization;
using System.Text.Json;

namespace Gateway.Tasks;

/// <summary>A span of time as people write it in requests.</summary>
internal static class DurationText
{
    /// <summary>What is said of anything else.</summary>
    public const string Expected = "must be a span of time: seconds as a number, \"300s\", \"15m\", \"1h\" or \"00:15:00\".";

    private const double MaxSeconds = 366 * 86_400;

    public static bool TryRead(JsonElement value, out TimeSpan duration)
    {
        duration = default;
        return value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetDouble(out var seconds) && TryConvert(seconds, 1, out duration),
            JsonValueKind.String => TryParse(value.GetString() ?? "", out duration),
            _ => false,
        };
    }

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var span) && TryConvert(span.TotalSeconds, 1, out duration);
        }

        var unit = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        return unit > 0
            && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            && TryConvert(count, unit, out duration);
    }

    private static bool TryConvert(double count, double unit, out TimeSpan duration)
    {
        var seconds = count * unit;
        var inRange = seconds is >= -MaxSeconds and <= MaxSeconds;
        duration = inRange ? TimeSpan.FromSeconds(seconds) : default;
        return inRange;
    }
}
