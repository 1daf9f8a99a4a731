using Microsoft.Extensions.Logging;

namespace Gateway.Core.Audit;

/// <summary>Finds and deletes segments whose records are all older than they need to be kept.</summary>
/// <remarks>One at a time, so that whenever the process ends the newest statement is about just what is gone, or about the next to go.</remarks>
internal sealed class LogRetention(CallJournalOptions options, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private long? _restingSince;

    /// <summary>The oldest segment, where it may go; null where it may not, or it is not yet time to look again.</summary>
    /// <param name="lastSequence">The last record on file; its segment always stays.</param>
    public ExpiredSegment? FindExpired(long lastSequence)
    {
        if (options.Retention is not { } retention || (_restingSince is { } since && clock.GetElapsedTime(since) < Interval))
        {
            return null;
        }

        var oldest = clock.GetUtcNow() - retention;
        var delivered = options.Delivered?.Invoke() ?? long.MaxValue;
        if (Segments() is [var segment, var next, ..]
            && IsPast(segment, oldest)
            && IsPast(next, oldest) // all of a segment's records are older than the segment after it
            && next.First - 1 <= delivered
            && next.First - 1 < lastSequence
            && Describe(segment, next.First - 1) is { } expired)
        {
            return expired;
        }

        Rest();
        return null;
    }

    public void Delete(ExpiredSegment expired)
    {
        try
        {
            File.Delete(expired.Path);
            JournalLog.SegmentDeleted(logger, expired.First, expired.Last);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The log can be written all the same, and what was to go is still there for the next attempt.
            JournalLog.SegmentNotDeleted(logger, expired.Path, exception.Message);
            Rest();
        }
    }

    /// <summary>A clock that was behind for a while names segments of then too early, and must not take those before along.</summary>
    private static bool IsPast((long First, DateTimeOffset CreatedAt, string Path) segment, DateTimeOffset oldest) => segment.CreatedAt <= oldest;

    private void Rest() => _restingSince = clock.GetTimestamp();

    private ExpiredSegment? Describe((long First, DateTimeOffset CreatedAt, string Path) segment, long last)
    {
        if (CallLogTail.Read(segment.Path) is { Chain: { } chain } tail && tail.Sequence == last)
        {
            return new ExpiredSegment(segment.Path, segment.First, last, Convert.ToHexStringLower(chain));
        }

        // A statement about it would vouch for what is not there: whoever looks into it needs the files.
        JournalLog.SegmentsKept(logger, segment.Path, last);
        return null;
    }

    /// <summary>Those with records: a process that was killed early leaves an empty one behind.</summary>
    private List<(long First, DateTimeOffset CreatedAt, string Path)> Segments() =>
    [
        .. from path in Directory.EnumerateFiles(options.Directory, CallSegmentName.Pattern)
           let name = CallSegmentName.Parse(Path.GetFileName(path))
           where name is not null && new FileInfo(path).Length > 0
           orderby name.Value.First
           select (name.Value.First, name.Value.CreatedAt, path),
    ];
}
