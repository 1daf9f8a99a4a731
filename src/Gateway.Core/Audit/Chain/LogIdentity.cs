namespace Gateway.Core.Audit.Chain;

/// <summary>Finds the id of a log whose head was lost: in its newest checkpoint.</summary>
internal static class LogIdentity
{
    private const string Statement = "\"statement\":\"";

    /// <summary>The log's id; null where no segment has a statement that can be read.</summary>
    public static string? Find(string directory)
    {
        var segments = from path in Directory.EnumerateFiles(directory, CallSegmentName.Pattern)
                       let first = CallSegmentName.TryParse(Path.GetFileName(path), out var sequence) ? sequence : 0
                       where first > 0
                       orderby first descending
                       select path;
        return segments.Select(FindIn).FirstOrDefault(log => log is not null);
    }

    private static string? FindIn(string path)
    {
        string? log = null;
        foreach (var line in File.ReadLines(path))
        {
            var at = line.IndexOf(Statement, StringComparison.Ordinal);
            if (at >= 0)
            {
                var statement = line.AsSpan(at + Statement.Length);
                var end = statement.IndexOf('"');
                log = (end < 0 ? null : LogHead.Parse(statement[..end].ToString()))?.Log ?? log;
            }
        }

        return log;
    }
}
