using Microsoft.Extensions.Logging;

namespace Gateway.Core.Audit;

/// <summary>Finds and deletes segments whose records are all older than they need to be kept.</summary>
internal sealed class LogRetention(CallJournalOptions options, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private long? _lookedAt;

    /// <summary>The oldest segments that may go, together; null where there are none, or it is not yet time to look again.</summary>
    /// <param name="lastSequence">The last record on file; its segment always stays.</param>
    public ExpiredSegments? FindExpired(long lastSequence)
    {
        if (options.Retention is not { } retention || (_lookedAt is { } at && clock.GetElapsedTime(at) < Interval))
        {
            return null;
        }

        _lookedAt = clock.GetTimestamp();
        var oldest = clock.GetUtcNow() - retention;
        var delivered = options.Delivered?.Invoke() ?? long.MaxValue;
        var segments = Segments();
        var paths = new List<string>();
        for (var index = 0; index + 1 < segments.Count; index++)
        {
            // All of a segment's records are older than the segment after it.
            var (next, last) = (segments[index + 1], segments[index + 1].First - 1);
            if (next.CreatedAt > oldest || last > delivered || last >= lastSequence)
            {
                break;
            }

            paths.Add(segments[index].Path);
        }

        return paths.Count == 0 ? null : Describe(segments, paths);
    }

    public void Delete(ExpiredSegments expired)
    {
        foreach (var path in expired.Paths)
        {
            File.Delete(path);
        }

        JournalLog.SegmentsDeleted(logger, expired.Paths.Count, expired.First, expired.Last);
    }

    private ExpiredSegments? Describe(List<(long First, DateTimeOffset CreatedAt, string Path)> segments, List<string> paths)
    {
        var last = segments[paths.Count].First - 1;
        if (CallLogTail.Read(paths[^1]) is { Chain: { } chain } tail && tail.Sequence == last)
        {
            return new ExpiredSegments(paths, segments[0].First, last, Convert.ToHexStringLower(chain));
        }

        // A statement about it would vouch for what is not there: whoever looks into it needs the files.
        JournalLog.SegmentsKept(logger, paths[^1], last);
        return null;
    }

    private List<(long First, DateTimeOffset CreatedAt, string Path)> Segments() =>
    [
        .. from path in Directory.EnumerateFiles(options.Directory, CallSegmentName.Pattern)
           let name = CallSegmentName.Parse(Path.GetFileName(path))
           where name is not null
           orderby name.Value.First
           select (name.Value.First, name.Value.CreatedAt, path),
    ];
}
