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
        var name = Parse(fileName);
        firstSequence = name?.First ?? 0;
        return name is not null;
    }

    /// <summary>The first record and the time of creation; null where it is no segment's name.</summary>
    public static (long First, DateTimeOffset CreatedAt)? Parse(string fileName)
    {
        if (!fileName.StartsWith(Prefix, StringComparison.Ordinal) || !fileName.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return null;
        }

        var middle = fileName.AsSpan(Prefix.Length, fileName.Length - Prefix.Length - Suffix.Length);
        var dash = middle.IndexOf('-');
        return dash > 0
            && DateTimeOffset.TryParseExact(middle[..dash], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var created)
            && long.TryParse(middle[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && first > 0
            ? (first, created)
            : null;
    }
}
