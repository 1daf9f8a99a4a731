using Gateway.Core.Audit.Chain;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Audit;

/// <summary>Records in the form in which they will be appended, kept until they are.</summary>
internal sealed class CallBatch
{
    private const int EnoughBytes = 256 * 1024;

    private readonly LineBuffer _lines = new(2 * EnoughBytes);
    private readonly OcsfCallWriter _writer;
    private readonly ILogger _logger;

    private readonly LogChain _chain;

    /// <param name="productVersion">The gateway's version.</param>
    /// <param name="instance">The gateway's own name.</param>
    /// <param name="chain">The log's chain, which every record added continues.</param>
    /// <param name="logger">Told of records that cannot be written as they are.</param>
    public CallBatch(string productVersion, string? instance, LogChain chain, ILogger logger)
    {
        _chain = chain;
        _writer = new OcsfCallWriter(_lines, productVersion, instance);
        _logger = logger;
    }

    public int Count { get; private set; }

    public int Length => _lines.Length;

    public bool IsFull => _lines.Length >= EnoughBytes;

    public ReadOnlySpan<byte> Lines => _lines.Written;

    public void Add(AuditRecord record, long sequence, DateTimeOffset now)
    {
        var start = _lines.Length;
        try
        {
            Write(record, sequence, now);
        }
        catch (Exception exception)
        {
            // A record that cannot be written must neither stop the log nor be missing from it.
            _lines.CutTo(start);
            JournalLog.RecordReduced(_logger, record.Uid, exception);
            Write(
                record switch
                {
                    CallRecord call => Reduce(call, exception),
                    AlertEvent alert => new AlertEvent { Id = alert.Id, At = alert.At, Kind = alert.Kind },
                    _ => Reduce((EntityEvent)record, exception),
                },
                sequence,
                now);
        }

        _chain.Seal(_lines.From(start)[..^1], _writer.ChainAt - start);
        Count++;
    }

    public void Clear()
    {
        _lines.CutTo(0);
        Count = 0;
    }

    private void Write(AuditRecord record, long sequence, DateTimeOffset now)
    {
        switch (record)
        {
            case CallRecord call:
                _writer.Write(call, sequence, now);
                break;
            case AlertEvent alert:
                _writer.Write(alert, sequence, now);
                break;
            default:
                _writer.Write((EntityEvent)record, sequence, now);
                break;
        }
    }

    private static EntityEvent Reduce(EntityEvent record, Exception exception) => new()
    {
        Id = record.Id,
        At = record.At,
        Activity = record.Activity,
        Type = record.Type,
        Entity = record.Entity,
        Succeeded = record.Succeeded,
        Task = record.Task,
        StatusDetail = $"The full record could not be serialised: {exception.GetType().Name}",
    };

    private static CallRecord Reduce(CallRecord record, Exception exception) => new()
    {
        Call = record.Call,
        StartedAt = record.StartedAt,
        Duration = record.Duration,
        Forwarded = record.Forwarded,
        Interrupted = record.Interrupted,
        Decision = record.Decision,
        Reason = record.Reason,
        Detail = $"The full record could not be serialised: {exception.GetType().Name}",
        Status = record.Status,
        Agent = record.Agent,
        Tool = record.Tool,
        Operation = record.Operation,
        Method = record.Method,
        Path = record.Path,
        HttpVersion = record.HttpVersion,
        SourceIp = record.SourceIp,
    };
}
