using Gateway.Core.Audit.Chain;
using Gateway.Core.Audit.UnderWay;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Audit;

/// <summary>The call log as JSON lines: calls queue their records, and one writer takes them in batches.</summary>
/// <remarks>
/// From the first failed write no call is admitted. What was admitted before stays in memory and is tried again until it
/// is written, so that an outage costs service and no record. A process that is killed leaves the calls that it forwarded
/// to the next one; the record of a refusal may go with it.
/// </remarks>
internal sealed class JsonlCallJournal : ICallJournal, IAsyncDisposable
{
    private readonly CallJournalOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<JsonlCallJournal> _logger;
    private readonly JournalHealth _health;
    private readonly JournalQueue _queue = new();
    private readonly FlushWaiters _flushes = new();
    private readonly OpenCalls _open;
    private readonly GroupFlush _openFlush;
    private readonly JournalWriter _writer;
    private readonly JournalLoop _loop;
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Lock _lifetime = new();

    private ITimer? _check;
    private Task? _running;
    private volatile bool _stopping;

    /// <param name="options">Where and how.</param>
    /// <param name="signer">Who signs statements about the log; asked when the directory is first opened.</param>
    /// <param name="timeProvider">The clock of records and statements.</param>
    /// <param name="logger">The operator's log.</param>
    public JsonlCallJournal(CallJournalOptions options, IAuditSigner signer, TimeProvider timeProvider, ILogger<JsonlCallJournal> logger)
    {
        _options = options;
        _timeProvider = timeProvider;
        _logger = logger;
        _health = new JournalHealth(options, timeProvider, logger);
        _open = new OpenCalls(options.Directory, options.OpenCallsPerRegion, options.MaxOpenCalls);
        _openFlush = new GroupFlush(_open.Flush);
        _writer = new JournalWriter(options, new StatementSigner(options, signer, _health, timeProvider), _open, _health, timeProvider, logger);
        _loop = new JournalLoop(options, _queue, _writer, _health, _flushes, timeProvider);
    }

    public bool IsAvailable => _health.IsAvailable && !_stopping;

    /// <summary>Whether more records may wait to be written. Calls under way do not count: they are bounded by connections, and a few agents that hold many streams open must not shut out the others.</summary>
    public bool HasRoom => _queue.Pending < _options.MaxPending;

    public CallJournalStatus Status => _health.Report(_queue.Pending);

    /// <inheritdoc cref="JournalLag.Value"/>
    public TimeSpan Lag => _loop.Lag;

    /// <summary>Starts the writer; completes after its first attempt to open the directory, successful or not (see <see cref="Status"/>).</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_lifetime)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            if (_running is null)
            {
                _check = _timeProvider.CreateTimer(static queue => ((JournalQueue)queue!).AskForCheck(), _queue, _options.CheckInterval, _options.CheckInterval);
                _running = Task.Run(() => _loop.RunAsync(_giveUp.Token), CancellationToken.None);
            }
        }

        return _loop.WaitUntilOpenedAsync(cancellationToken);
    }

    public bool TryAdmit()
    {
        if (!IsAvailable || !HasRoom)
        {
            return false;
        }

        _queue.Announce();
        return true;
    }

    public ValueTask<OpenCall> OpenAsync(CallRecord record, CancellationToken cancellationToken)
    {
        if (!IsAvailable || !_open.TryOpen(record, out var open))
        {
            return default;
        }

        return _options.Durability == CallJournalDurability.Fsync ? FlushAsync(open, cancellationToken) : new(open);
    }

    public void Record(CallRecord record, OpenCall open = default) => Take(new PendingRecord(record, open));

    public void Record(EntityEvent record) => RecordUnannounced(record);

    public void Record(AlertEvent record) => RecordUnannounced(record);

    /// <summary>Completes when everything recorded before is on file; waits for as long as the log cannot be written.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => _flushes.WaitAsync(_queue.Taken, () => _queue.Written, cancellationToken);

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
            _loop.End();
            while (_running is not null && _queue.Outstanding > 0 && !_giveUp.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), _timeProvider, CancellationToken.None);
            }

            _queue.Complete();
            await (_running ?? Task.CompletedTask);
        }

        await CloseAsync();
    }

    private void RecordUnannounced(AuditRecord record)
    {
        // As if it had been admitted: the writer counts both off together.
        _queue.Announce();
        if (!Take(new PendingRecord(record, default)))
        {
            _queue.Withdraw();
        }
    }

    private bool Take(PendingRecord record)
    {
        if (_queue.TryAdd(record))
        {
            return true;
        }

        JournalLog.RecordTooLate(_logger, record.Record?.Uid ?? "");
        return false;
    }

    private async ValueTask<OpenCall> FlushAsync(OpenCall open, CancellationToken cancellationToken)
    {
        try
        {
            await _openFlush.FlushAsync(cancellationToken);
            return open;
        }
        catch (Exception exception)
        {
            _open.Close(open);
            if (exception is not (IOException or UnauthorizedAccessException))
            {
                throw;
            }

            return default;
        }
    }

    private async ValueTask CloseAsync()
    {
        var lost = _queue.Pending;
        if (lost > 0)
        {
            JournalLog.RecordsLost(_logger, lost, _health.LastError ?? "the writer was not started");
        }
        else if (_loop.IsHealthy)
        {
            await TryEndLogAsync();
        }

        JournalLog.Closed(_logger, _options.Directory, _writer.LastSequence);
        _health.Stop();
        _flushes.Fail(new ObjectDisposedException(nameof(JsonlCallJournal)));
        _writer.Dispose();
        _open.Dispose();
        _giveUp.Dispose();
    }

    private async ValueTask TryEndLogAsync()
    {
        try
        {
            await _writer.CloseAsync();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or AuditSigningException)
        {
            JournalLog.NotClosed(_logger, exception.Message);
        }
    }
}
