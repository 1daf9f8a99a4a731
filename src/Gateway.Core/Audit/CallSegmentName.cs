using System.Globalization;

namespace Gateway.Core.Audit;

/// <summary>A segment's file name: <c>calls-&lt;UTC time&gt;-&lt;first sequence&gt;.jsonl</c>.</summary>
internal static class CallSegmentName
{
    public const string Pattern = "calls-*.jsonl";

    private const string Prefix = "calls-";
    private const string Suffix = ".jsonl";
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    public static string Format(DateTimeOffset createdAt, long firstSequence) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{createdAt.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}-{firstSequence:D16}{Suffix}");

    public static bool TryParse(string fileName, out long firstSequence)
    {
        firstSequence = 0;
        if (!fileName.StartsWith(Prefix, StringComparison.Ordinal) || !fileName.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return false;
        }

        var middle = fileName.AsSpan(Prefix.Length, fileName.Length - Prefix.Length - Suffix.Length);
        var dash = middle.IndexOf('-');
        return dash > 0
            && DateTime.TryParseExact(middle[..dash], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out _)
            && long.TryParse(middle[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out firstSequence)
            && firstSequence > 0;
    }
}
