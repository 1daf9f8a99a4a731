namespace Gateway.Core.Audit.Verification;

/// <summary>The files of a call log, as they are at one moment.</summary>
internal static class LogDirectory
{
    public const string HeadName = "calls.head";
    public const string KeysName = "audit-key.pub";

    private const int MaxHead = 8 * 1024;

    /// <summary>The segments, in the order of their first records. What only looks like one is a finding, and is not opened.</summary>
    /// <exception cref="IOException">The directory cannot be listed.</exception>
    public static IReadOnlyList<SegmentFile> List(string directory, FindingList findings)
    {
        var segments = new List<SegmentFile>();
        var names = Directory.EnumerateFileSystemEntries(directory).Select(path => Path.GetFileName(path)).ToList();

        // Lengths are taken once all names are known: whatever a segment that another follows was to hold, it holds by then.
        foreach (var name in names.Where(IsLikeSegment).Order(StringComparer.Ordinal))
        {
            var printed = Printable.Of(name);
            var file = new FileInfo(Path.Combine(directory, name));
            if (file.LinkTarget is not null)
            {
                findings.Add(new Finding(FindingKind.File, 0, 0, printed, 0, "is a symbolic link, which the gateway never writes; it was not followed"));
            }
            else if (Directory.Exists(file.FullName) || !SegmentFile.TryParseName(name, out var first))
            {
                findings.Add(new Finding(FindingKind.File, 0, 0, printed, 0, "has the name of a segment and is none; it was not read"));
            }
            else if (file.Exists)
            {
                segments.Add(new SegmentFile(file.FullName, printed, first, file.Length));
            }
        }

        // An empty one, which a start that wrote nothing may have left, is not opened: a pipe is empty too, and reading it waits.
        return [.. segments.Where(segment => segment.Length > 0).OrderBy(segment => segment.First).ThenBy(segment => segment.Name, StringComparer.Ordinal)];
    }

    /// <summary>The text of <c>calls.head</c>; null where there is none, empty where it cannot be one.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string? ReadHead(string directory)
    {
        var file = new FileInfo(Path.Combine(directory, HeadName));
        if (file.LinkTarget is not null)
        {
            return "";
        }

        if (!file.Exists)
        {
            return null;
        }

        return file.Length is 0 or > MaxHead ? "" : File.ReadAllText(file.FullName, System.Text.Encoding.Latin1);
    }

    private static bool IsLikeSegment(string name) =>
        name.StartsWith(SegmentFile.Prefix, StringComparison.OrdinalIgnoreCase) && name.EndsWith(SegmentFile.Suffix, StringComparison.OrdinalIgnoreCase);
}
