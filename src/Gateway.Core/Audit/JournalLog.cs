using Microsoft.Extensions.Logging;

namespace Gateway.Core.Audit;

/// <summary>What the journal tells its operator; event ids 4000 to 4099.</summary>
internal static partial class JournalLog
{
    [LoggerMessage(4000, LogLevel.Information, "The call log in '{Directory}' is open; the next record is {Sequence}.")]
    public static partial void Opened(ILogger logger, string directory, long sequence);

    [LoggerMessage(4001, LogLevel.Error, "The call log in '{Directory}' cannot be written, calls are refused: {Error}")]
    public static partial void Unavailable(ILogger logger, string directory, string error);

    [LoggerMessage(4002, LogLevel.Warning, "The call log in '{Directory}' is written again after {Outage}; the next record is {Sequence}.")]
    public static partial void Resumed(ILogger logger, string directory, TimeSpan outage, long sequence);

    [LoggerMessage(4003, LogLevel.Critical, "The call log's writer met an unexpected fault and goes on trying; calls are refused.")]
    public static partial void UnexpectedFault(ILogger logger, Exception exception);

    [LoggerMessage(4004, LogLevel.Error, "The record {Record} could not be serialised; a reduced one takes its place.")]
    public static partial void RecordReduced(ILogger logger, string record, Exception exception);

    [LoggerMessage(4005, LogLevel.Warning, "The last line of '{Segment}' was unfinished: its {Bytes} bytes were moved to a file of that name with '.torn' appended.")]
    public static partial void TornLineCut(ILogger logger, string segment, long bytes);

    [LoggerMessage(4006, LogLevel.Error, "The last line of '{Segment}' cannot be read; by the number of its lines the last record is {Sequence}.")]
    public static partial void LastLineUnreadable(ILogger logger, string segment, long sequence);

    [LoggerMessage(4007, LogLevel.Error, "The segment '{Segment}' was deleted while in use. It was written anew as '{Copy}', records {First} to {Last}. Earlier segments that were deleted are lost.")]
    public static partial void SegmentRewritten(ILogger logger, string segment, string copy, long first, long last);

    [LoggerMessage(4008, LogLevel.Error, "The segment '{Segment}' was moved to '{MovedTo}' while in use, with records {First} to {Last}; a new segment begins.")]
    public static partial void SegmentMoved(ILogger logger, string segment, string movedTo, long first, long last);

    [LoggerMessage(4009, LogLevel.Error, "The segment '{Segment}' was changed by someone else and no longer holds its {Bytes} bytes: records {First} to {Last} may be lost or forged; a new segment begins.")]
    public static partial void SegmentChanged(ILogger logger, string segment, long bytes, long first, long last);

    [LoggerMessage(4010, LogLevel.Critical, "The record {Record} came after the journal had closed, and is lost.")]
    public static partial void RecordTooLate(ILogger logger, string record);

    [LoggerMessage(4011, LogLevel.Critical, "The journal closes with {Count} records that could not be written: {Error}")]
    public static partial void RecordsLost(ILogger logger, long count, string error);

    [LoggerMessage(4013, LogLevel.Warning, "{Count} calls were under way when the gateway stopped last; their records say that they were interrupted.")]
    public static partial void CallsInterrupted(ILogger logger, int count);

    [LoggerMessage(4014, LogLevel.Critical, "The call log in '{Directory}' ends with record {Found}, but had come to {Expected}: its end was removed. The log goes on after that number, so that 'audit verify' shows what is missing.")]
    public static partial void EndIsMissing(ILogger logger, string directory, long found, long expected);

    [LoggerMessage(4015, LogLevel.Information, "The segment of the call log with records {First} to {Last} was deleted: they are older than they are kept.")]
    public static partial void SegmentDeleted(ILogger logger, long first, long last);

    [LoggerMessage(4027, LogLevel.Error, "The segment '{Segment}' is older than it is kept and cannot be deleted: {Error} It is tried again every minute.")]
    public static partial void SegmentNotDeleted(ILogger logger, string segment, string error);

    [LoggerMessage(4016, LogLevel.Error, "The segment '{Segment}' is old enough to be deleted but does not end with record {Expected}; it is kept, and so is what follows.")]
    public static partial void SegmentsKept(ILogger logger, string segment, long expected);

    [LoggerMessage(4017, LogLevel.Error, "The call log could not be closed in good order: {Error}")]
    public static partial void NotClosed(ILogger logger, string error);

    [LoggerMessage(4018, LogLevel.Warning, "The call log in '{Directory}' is written, and nothing signs for its records now; the next signature will vouch for all of them. {Error}")]
    public static partial void Unsigned(ILogger logger, string directory, string error);

    [LoggerMessage(4019, LogLevel.Information, "The records of the call log in '{Directory}' are signed for again, after {Outage}.")]
    public static partial void SignedAgain(ILogger logger, string directory, TimeSpan outage);

    [LoggerMessage(4012, LogLevel.Information, "The call log in '{Directory}' is closed; the last record is {Sequence}.")]
    public static partial void Closed(ILogger logger, string directory, long sequence);
}
