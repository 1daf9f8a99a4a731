using Gateway.Core.Audit.Chain;
using Gateway.Core.Audit.UnderWay;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Audit;

/// <summary>Numbers records, chains them, appends them to the files, and signs for them. Used by one thread at a time.</summary>
/// <remarks>
/// Whatever fails throws and may be tried again after <see cref="Restore"/>: records that were added stay until they are
/// written, with the numbers and the chain that they have.
/// </remarks>
internal sealed class JournalWriter : IDisposable
{
    private readonly CallJournalOptions _options;
    private readonly Func<AuditKey> _key;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CallLogStore _store;
    private readonly LogChain _chain = new();
    private readonly CallBatch _batch;
    private readonly OpenCalls _open;
    private readonly LogRetention _retention;
    private readonly List<(OpenCall Open, long Sequence)> _closing = [];

    private LogTail? _tail;
    private string? _missing;
    private LogStatements? _statements;
    private bool _wrote;
    private bool _unsigned;
    private bool _headIsOld;
    private long _checkpointAt;
    private long _headAt;
    private long _announced;

    public JournalWriter(CallJournalOptions options, Func<AuditKey> key, OpenCalls open, TimeProvider clock, ILogger logger)
    {
        _options = options;
        _key = key;
        _clock = clock;
        _logger = logger;
        _open = open;
        _store = new CallLogStore(options, clock, logger);
        _batch = new CallBatch(options.ProductVersion, options.Instance, _chain, logger);
        _retention = new LogRetention(options, clock, logger);
    }

    /// <summary>Sequence number of the last record on file.</summary>
    public long LastSequence => _store.LastSequence;

    /// <summary>Whether so much was added that it should be written before more is.</summary>
    public bool IsFull => _batch.IsFull || (_batch.Count > 0 && _batch.Length >= _store.Room);

    /// <summary>Whether records were written that <see cref="LogHead"/> does not cover.</summary>
    public bool HeadIsOld => _headIsOld;

    private long Newest => _store.LastSequence + _batch.Count;

    /// <summary>Brings everything into a state in which writing can succeed; the first time, finds where the last process ended.</summary>
    public void Restore()
    {
        _tail = _store.Restore() ?? _tail;
        if (_statements is null && _tail is { } tail)
        {
            _statements = Continue(tail);
        }

        // They go with the directory where that was lost.
        PublicKeyFile.Add(_options.Directory, _key().PublicPem);
        _headIsOld |= _wrote;
        if (_open.Restore(_store.LastSequence) is { Count: > 0 } interrupted)
        {
            JournalLog.CallsInterrupted(_logger, interrupted.Count);
            foreach (var (open, record) in interrupted)
            {
                Add(record, open);
            }
        }

        if ((_store.TakeBreach() ?? _missing) is { } breach)
        {
            _missing = null;
            Add(Alert(breach), default);
        }
    }

    public void Add(AuditRecord record, OpenCall open)
    {
        if (!_wrote)
        {
            _wrote = true;
            AddCheckpoint(StatementKind.Opening);
        }

        _batch.Add(record, Newest + 1, _clock.GetUtcNow());
        _unsigned = true;
        if (!open.IsNone)
        {
            _closing.Add((open, Newest));
        }
    }

    /// <summary>Throws where writing would fail although nothing is being written.</summary>
    public void Check()
    {
        _store.Check();
        _open.Check();
    }

    /// <summary>Appends what was added, and signs and deletes what is due.</summary>
    public void Write()
    {
        Append();
        if (_unsigned && _clock.GetElapsedTime(_checkpointAt) >= _options.CheckpointInterval)
        {
            AddCheckpoint(StatementKind.Interval);
            Append();
        }

        if (_store.IsSegmentFull)
        {
            AddCheckpoint(StatementKind.Rotation);
            Append();
            _store.EndSegment();
        }

        Retain();
        if (_headIsOld && _clock.GetElapsedTime(_headAt) >= _options.HeadInterval)
        {
            WriteHead(closed: false);
        }
    }

    /// <summary>Says that the log ends here in good order. Nothing may be left to write.</summary>
    public void Close()
    {
        if (_wrote)
        {
            AddCheckpoint(StatementKind.Closing);
            Append();
            WriteHead(closed: true);
        }
    }

    public void Dispose()
    {
        _store.Dispose();
        _chain.Dispose();
    }

    private void Append()
    {
        if (_batch.Count == 0)
        {
            return;
        }

        // Before the lines: whoever finds a line of this number on file knows that the call is closed.
        foreach (var (open, sequence) in _closing)
        {
            _open.Mark(open, sequence);
        }

        if (_options.Durability == CallJournalDurability.Fsync && _closing.Count > 0)
        {
            _open.Flush();
        }

        _store.Append(_batch.Lines, _batch.Count);
        _batch.Clear();
        _headIsOld = true;
        foreach (var (open, _) in _closing)
        {
            _open.Close(open);
        }

        _closing.Clear();
    }

    private void AddCheckpoint(StatementKind kind)
    {
        var now = _clock.GetUtcNow();
        _batch.Add(CheckpointEvents.Checkpoint(Sign(kind), Newest, now), Newest + 1, now);
        _unsigned = false;
        _checkpointAt = _clock.GetTimestamp();
    }

    private void Retain()
    {
        if (_retention.FindExpired(_store.LastSequence) is not { } expired)
        {
            return;
        }

        if (_announced < expired.Last)
        {
            var statement = Statements().Sign(StatementKind.Retention, expired.Last, expired.Chain);
            Add(CheckpointEvents.Deletion(statement, expired.First, expired.Last, _clock.GetUtcNow()), default);
            AddCheckpoint(StatementKind.Interval);
            Append();
            _announced = expired.Last;
        }

        _retention.Delete(expired);
    }

    private AlertEvent Alert(string breach)
    {
        var now = _clock.GetUtcNow();
        return new AlertEvent { Id = Guid.CreateVersion7(now).ToString(), At = now, Kind = AlertKind.LogBroken, Detail = breach };
    }

    private void WriteHead(bool closed)
    {
        LogHead.Write(_options.Directory, Sign(StatementKind.Head, closed), flush: _options.Durability == CallJournalDurability.Fsync);
        _headIsOld = false;
        _headAt = _clock.GetTimestamp();
    }

    private string Sign(StatementKind kind, bool closed = false) => Statements().Sign(kind, Newest, _chain.LastHex, closed);

    private LogStatements Statements() => _statements ?? throw new InvalidOperationException("The log is restored before anything is signed.");

    /// <summary>Goes on where the last process ended, or where its head says that it had been.</summary>
    private LogStatements Continue(LogTail tail)
    {
        var head = LogHead.Read(_options.Directory);
        if (head is not null && (head.Sequence > tail.Sequence || (head.Sequence == tail.Sequence && tail.Chain is null)))
        {
            if (head.Sequence > tail.Sequence)
            {
                _missing = $"Records {tail.Sequence + 1} to {head.Sequence} were removed from the end of the log.";
                JournalLog.EndIsMissing(_logger, _options.Directory, tail.Sequence, head.Sequence);
            }

            // The numbers that are gone stay gone: a log that went on under them would look whole.
            _store.SkipTo(head.Sequence);
            _chain.Continue(head.Chain);
        }
        else
        {
            _chain.Continue(tail.Chain ?? new byte[LogChain.HashBytes]);
        }

        var log = head?.Log ?? LogIdentity.Find(_options.Directory) ?? Guid.NewGuid().ToString("D");
        return new LogStatements(_key(), log, _clock);
    }
}
