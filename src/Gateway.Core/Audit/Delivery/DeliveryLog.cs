using Microsoft.Extensions.Logging;

namespace Gateway.Core.Audit.Delivery;

/// <summary>What delivery tells its operator; event ids 4050 to 4079. Nothing that a receiver wrote is ever logged.</summary>
internal static partial class DeliveryLog
{
    [LoggerMessage(4050, LogLevel.Warning, "The sink '{Sink}' gets no records; they wait in the files. {Problem}", EventName = "SinkFails")]
    public static partial void Fails(ILogger logger, string sink, string problem);

    [LoggerMessage(4051, LogLevel.Error, "The sink '{Sink}' is refused by its receiver, and goes on only when that is mended; records wait in the files. {Problem}", EventName = "SinkRefused")]
    public static partial void Refused(ILogger logger, string sink, string problem);

    [LoggerMessage(4052, LogLevel.Information, "The sink '{Sink}' delivers again, after record {Delivered}.", EventName = "SinkRecovered")]
    public static partial void Recovered(ILogger logger, string sink, long delivered);

    [LoggerMessage(4053, LogLevel.Critical, "Records {First} to {Last} were gone from the call log's files before the sink '{Sink}' had them.", EventName = "SinkMissedRecords")]
    public static partial void Missed(ILogger logger, string sink, long first, long last);

    [LoggerMessage(4054, LogLevel.Warning, "The call log's files are not those in which the sink '{Sink}' has had record {Delivered}: it begins with the first record on file.", EventName = "SinkStartsAnew")]
    public static partial void StartsAnew(ILogger logger, string sink, long delivered);

    [LoggerMessage(4055, LogLevel.Warning, "How far the sink '{Sink}' is cannot be written to '{File}', so that a restart would deliver records twice: {Error}", EventName = "CursorNotWritten")]
    public static partial void CursorNotWritten(ILogger logger, string sink, string file, string error);

    [LoggerMessage(4056, LogLevel.Warning, "How far the sink '{Sink}' was cannot be read from '{File}', so that it begins with the first record on file: {Error}", EventName = "CursorNotRead")]
    public static partial void CursorNotRead(ILogger logger, string sink, string file, string error);

    [LoggerMessage(4057, LogLevel.Error, "The receiver of the sink '{Sink}' has dropped {Count} of the records {First} to {Last} for good.", EventName = "RecordsRejected")]
    public static partial void Rejected(ILogger logger, string sink, long count, long first, long last);

    // Not the exception itself: its message may quote what a receiver said, or what it was sent.
    [LoggerMessage(4058, LogLevel.Error, "The sink '{Sink}' met an unexpected {Fault} and goes on trying.\n{Stack}", EventName = "SinkFault")]
    public static partial void Fault(ILogger logger, string sink, Type fault, string? stack);

    [LoggerMessage(4059, LogLevel.Information, "The sink '{Sink}' goes on after record {Delivered}.", EventName = "SinkStarts")]
    public static partial void Starts(ILogger logger, string sink, long delivered);
}
