using System.Globalization;

namespace Gateway.Core.Audit.Verification;

/// <summary>A segment as it was when the directory was listed.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">Its file name, fit to be printed.</param>
/// <param name="First">The sequence number in its name.</param>
/// <param name="Length">Its bytes.</param>
internal sealed record SegmentFile(string Path, string Name, long First, long Length)
{
    public const string Prefix = "calls-";
    public const string Suffix = ".jsonl";

    private const int Digits = 16;

    /// <summary><c>calls-&lt;UTC time&gt;-&lt;first sequence, 16 digits&gt;.jsonl</c>.</summary>
    public static bool TryParseName(string name, out long first)
    {
        first = 0;
        return name.Length > Prefix.Length + Digits + 1 + Suffix.Length
            && name.StartsWith(Prefix, StringComparison.Ordinal)
            && name.EndsWith(Suffix, StringComparison.Ordinal)
            && name[^(Digits + Suffix.Length + 1)] == '-'
            && DateTime.TryParseExact(
                name.AsSpan(Prefix.Length, name.Length - Prefix.Length - Digits - 1 - Suffix.Length),
                "yyyyMMdd'T'HHmmss'Z'",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out _)
            && long.TryParse(name.AsSpan(name.Length - Digits - Suffix.Length, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out first)
            && first > 0;
    }
}
