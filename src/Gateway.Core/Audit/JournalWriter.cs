using Gateway.Core.Audit.Chain;
using Gateway.Core.Audit.UnderWay;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Audit;

/// <summary>Numbers records, chains them, appends them to the files, and signs for them. Used by one thread at a time.</summary>
/// <remarks>
/// Whatever fails throws and may be tried again after <see cref="RestoreAsync"/>: records that were added stay until they are
/// written, with the numbers and the chain that they have.
/// </remarks>
internal sealed class JournalWriter : IDisposable
{
    private readonly CallJournalOptions _options;
    private readonly StatementSigner _signing;
    private readonly LogHeadKeeper _head;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CallLogStore _store;
    private readonly LogChain _chain = new();
    private readonly CallBatch _batch;
    private readonly OpenCalls _open;
    private readonly JournalHealth _health;
    private readonly LogRetention _retention;
    private readonly List<(OpenCall Open, long Sequence)> _closing = [];

    private LogTail? _tail;
    private string? _missing;
    private string? _opening;
    private bool _wrote;
    private bool _unsigned;
    private long _checkpointAt;
    private long _announced;

    public JournalWriter(CallJournalOptions options, StatementSigner signing, OpenCalls open, JournalHealth health, TimeProvider clock, ILogger logger)
    {
        _options = options;
        _signing = signing;
        _head = new LogHeadKeeper(options, signing, clock);
        _clock = clock;
        _logger = logger;
        _open = open;
        _health = health;
        _store = new CallLogStore(options, clock, logger);
        _batch = new CallBatch(options.ProductVersion, options.Instance, _chain, logger);
        _retention = new LogRetention(options, clock, logger);
    }

    /// <summary>Sequence number of the last record on file.</summary>
    public long LastSequence => _store.LastSequence;

    /// <summary>Whether so much was added that it should be written before more is.</summary>
    /// <remarks>A segment that is full and cannot be ended yet, for want of a signature, is no reason to write records one by one.</remarks>
    public bool IsFull => _batch.IsFull || (_batch.Count > 0 && _batch.Length >= _store.Room && !_signing.IsResting);

    /// <summary>When the head or a checkpoint is to be renewed though nothing more is recorded; null where neither is.</summary>
    public TimeSpan? DueIn =>
        _signing.IsResting ? null
        : _head.IsOld ? _options.HeadInterval
        : _unsigned ? TimeSpan.FromTicks(Math.Max(0, (_options.CheckpointInterval - _clock.GetElapsedTime(_checkpointAt)).Ticks))
        : null;

    private long Newest => _store.LastSequence + _batch.Count;

    /// <summary>Brings everything into a state in which writing can succeed; the first time, finds where the last process ended.</summary>
    public async ValueTask RestoreAsync()
    {
        _tail = _store.Restore() ?? _tail;
        if (!_signing.HasLog && _tail is { } tail)
        {
            Continue(tail);
        }

        // They go with the directory where that was lost.
        _signing.PublishKeys();
        if (_wrote)
        {
            _head.Outdate();
        }

        // Before any record is taken: a log whose beginning nobody signs for takes none.
        _opening ??= await _signing.SignAsync(StatementKind.Opening, Newest, _chain.LastHex);

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

    /// <summary>Takes a record; needs no signature, so that none which was taken from elsewhere can be lost for want of one.</summary>
    public void Add(AuditRecord record, OpenCall open)
    {
        if (!_wrote)
        {
            AddCheckpoint(_opening ?? throw new InvalidOperationException("The log is opened before anything is recorded."));
            _wrote = true;
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
        using (_health.Watch())
        {
            _store.Check();
            _open.Check();
        }
    }

    /// <summary>Appends what was added, and signs and deletes what is due as far as there are signatures to be had.</summary>
    public async ValueTask WriteAsync()
    {
        Append();
        if (_unsigned && _clock.GetElapsedTime(_checkpointAt) >= _options.CheckpointInterval && await TryAddCheckpointAsync(StatementKind.Interval))
        {
            Append();
        }

        if (_store.IsSegmentFull && await TryAddCheckpointAsync(StatementKind.Rotation))
        {
            Append();
            _store.EndSegment();
        }

        await RetainAsync();
        await _head.RenewAsync(Newest, _chain.LastHex);
    }

    /// <summary>Says that the log ends here in good order. Nothing may be left to write.</summary>
    /// <exception cref="AuditSigningException">Nobody signs for that: the log ends as one does whose process was killed.</exception>
    public async ValueTask CloseAsync()
    {
        if (_wrote)
        {
            AddCheckpoint(await _signing.SignAsync(StatementKind.Closing, Newest, _chain.LastHex));
            Append();
            await _head.CloseAsync(Newest, _chain.LastHex);
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

        using (_health.Watch())
        {
            WriteBatch();
        }

        _batch.Clear();
        _head.Outdate();
        foreach (var (open, _) in _closing)
        {
            _open.Close(open);
        }

        _closing.Clear();
    }

    private void WriteBatch()
    {
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
    }

    private async ValueTask<bool> TryAddCheckpointAsync(StatementKind kind)
    {
        if (await _signing.TrySignAsync(kind, Newest, _chain.LastHex) is not { } statement)
        {
            return false;
        }

        AddCheckpoint(statement);
        return true;
    }

    /// <param name="statement">About the record before, which is still the newest one.</param>
    private void AddCheckpoint(string statement)
    {
        var now = _clock.GetUtcNow();
        _batch.Add(CheckpointEvents.Checkpoint(statement, Newest, now), Newest + 1, now);
        _unsigned = false;
        _checkpointAt = _clock.GetTimestamp();
    }

    private async ValueTask RetainAsync()
    {
        if (_signing.IsResting || _retention.FindExpired(_store.LastSequence) is not { } expired || !await TryAnnounceAsync(expired))
        {
            return;
        }

        _retention.Delete(expired);
    }

    /// <returns>Whether it is signed which records go, and that record is signed for as well.</returns>
    private async ValueTask<bool> TryAnnounceAsync(ExpiredSegment expired)
    {
        if (_announced >= expired.Last)
        {
            return true;
        }

        if (await _signing.TrySignAsync(StatementKind.Retention, expired.Last, expired.Chain) is not { } statement)
        {
            return false;
        }

        Add(CheckpointEvents.Deletion(statement, expired.First, expired.Last, _clock.GetUtcNow()), default);
        var isSignedFor = await TryAddCheckpointAsync(StatementKind.Interval);
        Append();
        _announced = isSignedFor ? expired.Last : _announced;
        return isSignedFor;
    }

    private AlertEvent Alert(string breach)
    {
        var now = _clock.GetUtcNow();
        return new AlertEvent { Id = Guid.CreateVersion7(now).ToString(), At = now, Kind = AlertKind.LogBroken, Detail = breach };
    }

    /// <summary>Goes on where the last process ended, or where its head says that it had been.</summary>
    private void Continue(LogTail tail)
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

        _signing.Begin(head?.Log ?? LogIdentity.Find(_options.Directory) ?? Guid.NewGuid().ToString("D"));
    }
}
