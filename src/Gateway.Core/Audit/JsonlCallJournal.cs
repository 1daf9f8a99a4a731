using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Audit;

/// <summary>The call log as JSON lines: calls queue their records, one writer numbers them and appends them in batches.</summary>
/// <remarks>
/// From the first failed write no call is admitted. What was admitted before stays in memory and is tried again until it
/// is written, so that an outage costs service and no record. A record that was queued is lost only with the process.
/// </remarks>
internal sealed class JsonlCallJournal : ICallJournal, IAsyncDisposable
{
    // Null asks the writer to look after the directory, so that only the writer ever touches files.
    private readonly Channel<AuditRecord?> _records = Channel.CreateUnbounded<AuditRecord?>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CallJournalOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<JsonlCallJournal> _logger;
    private readonly JournalHealth _health;
    private readonly CallLogStore _store;
    private readonly CallBatch _batch;
    private readonly FlushWaiters _flushes = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Lock _lifetime = new();

    private ITimer? _check;
    private Task? _loop;
    private volatile bool _stopping;
    private volatile bool _complete;
    private bool _needsRestore = true;
    private int _checkQueued;
    private long _admitted;
    private long _recorded;
    private long _written;

    public JsonlCallJournal(CallJournalOptions options, TimeProvider timeProvider, ILogger<JsonlCallJournal> logger)
    {
        _options = options;
        _timeProvider = timeProvider;
        _logger = logger;
        _health = new JournalHealth(options, timeProvider, logger);
        _store = new CallLogStore(options, timeProvider, logger);
        _batch = new CallBatch(options.ProductVersion, logger);
    }

    public bool IsAvailable => _health.IsAvailable && !_stopping;

    public CallJournalStatus Status => _health.Report(Volatile.Read(ref _recorded) - Volatile.Read(ref _written));

    /// <summary>Starts the writer; completes after its first attempt to open the directory, successful or not (see <see cref="Status"/>).</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_lifetime)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            if (_loop is null)
            {
                _check = _timeProvider.CreateTimer(static state => ((JsonlCallJournal)state!).QueueCheck(), this, _options.CheckInterval, _options.CheckInterval);
                _loop = Task.Run(WriteAsync, CancellationToken.None);
            }
        }

        return _opened.Task.WaitAsync(cancellationToken);
    }

    public bool TryAdmit()
    {
        // Only what waits to be written counts: calls under way are bounded by connections, and a few agents that hold many
        // streams open must not shut out the others.
        if (!IsAvailable || Volatile.Read(ref _recorded) - Volatile.Read(ref _written) >= _options.MaxPending)
        {
            return false;
        }

        Interlocked.Increment(ref _admitted);
        return true;
    }

    public void Record(CallRecord record) => Queue(record);

    public void Record(EntityEvent record)
    {
        // Counted as if it had been admitted: the writer counts both off together.
        Interlocked.Increment(ref _admitted);
        if (!Queue(record))
        {
            Interlocked.Decrement(ref _admitted);
        }
    }

    /// <summary>Completes when everything recorded before is on file; waits for as long as the log cannot be written.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) =>
        _flushes.WaitAsync(Volatile.Read(ref _recorded), () => Volatile.Read(ref _written), cancellationToken);

    /// <summary>Admits no more, waits for admitted calls and writes what they recorded, within <see cref="CallJournalOptions.ShutdownTimeout"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lifetime)
        {
            if (_stopping)
            {
                return;
            }

            _stopping = true;
        }

        if (_check is not null)
        {
            await _check.DisposeAsync();
        }

        await using (_timeProvider.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), _giveUp, _options.ShutdownTimeout, Timeout.InfiniteTimeSpan))
        {
            while (_loop is not null && Volatile.Read(ref _admitted) > 0 && !_giveUp.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), _timeProvider, CancellationToken.None);
            }

            _records.Writer.TryComplete();
            _complete = true;
            await (_loop ?? Task.CompletedTask);
        }

        Close();
    }

    private void Close()
    {
        var lost = Volatile.Read(ref _recorded) - Volatile.Read(ref _written);
        if (lost > 0)
        {
            JournalLog.RecordsLost(_logger, lost, _health.LastError ?? "the writer was not started");
        }

        JournalLog.Closed(_logger, _options.Directory, _store.LastSequence);
        _health.Stop();
        _flushes.Fail(new ObjectDisposedException(nameof(JsonlCallJournal)));
        _store.Dispose();
        _giveUp.Dispose();
    }

    private bool Queue(AuditRecord record)
    {
        Interlocked.Increment(ref _recorded);
        if (_records.Writer.TryWrite(record))
        {
            return true;
        }

        Interlocked.Decrement(ref _recorded);
        JournalLog.RecordTooLate(_logger, record.Uid);
        return false;
    }

    private void QueueCheck()
    {
        if (Interlocked.Exchange(ref _checkQueued, 1) == 0)
        {
            _records.Writer.TryWrite(null);
        }
    }

    /// <summary>The writer. Ends when the journal closes and never before: whatever goes wrong is a fault to recover from.</summary>
    private async Task WriteAsync()
    {
        try
        {
            do
            {
                while (!TryWrite())
                {
                    if (_complete && Volatile.Read(ref _recorded) == _written)
                    {
                        return;
                    }

                    await Task.Delay(_options.CheckInterval, _timeProvider, _giveUp.Token);
                }
            }
            while (await WaitForRecordsAsync());
        }
        catch (OperationCanceledException)
        {
            // Time is up; one last attempt, and what it cannot write is reported as lost.
            TryWrite();
        }
    }

    private async ValueTask<bool> WaitForRecordsAsync()
    {
        if (!await _records.Reader.WaitToReadAsync(_giveUp.Token))
        {
            return false;
        }

        if (_options.GatherInterval > TimeSpan.Zero && !_stopping)
        {
            await Task.Delay(_options.GatherInterval, _timeProvider, _giveUp.Token);
        }

        return true;
    }

    private bool TryWrite()
    {
        try
        {
            if (_needsRestore)
            {
                _store.Restore();
                _needsRestore = false;
            }

            bool more;
            do
            {
                FillBatch();
                more = _batch.IsFull;
                WriteBatch();
            }
            while (more);

            return true;
        }
        catch (Exception exception)
        {
            _needsRestore = true;
            _health.Fail(exception);
            return false;
        }
        finally
        {
            _opened.TrySetResult();
        }
    }

    private void FillBatch()
    {
        while (!_batch.IsFull && _records.Reader.TryRead(out var record))
        {
            if (record is not null)
            {
                _batch.Add(record, _store.LastSequence + _batch.Count + 1, _timeProvider.GetUtcNow());
                continue;
            }

            Volatile.Write(ref _checkQueued, 0);
            _store.Check();
        }
    }

    private void WriteBatch()
    {
        var count = _batch.Count;
        if (count > 0)
        {
            _store.Append(_batch.Lines, count);
            _batch.Clear();
            Interlocked.Add(ref _admitted, -count);
            Volatile.Write(ref _written, _written + count);
        }

        _health.Succeed(_store.LastSequence);
        _flushes.Complete(_written);
    }
}
