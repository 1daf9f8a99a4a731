using Gateway.Core.Audit.Reading;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Audit.Delivery;

/// <summary>Brings one sink what is in the log's files: in order, each record at least once, none skipped, whatever the receiver does.</summary>
/// <remarks>
/// Nothing is kept in memory but the batch under way: a receiver that is down for a week costs the sink's place in the files.
/// </remarks>
internal sealed class SinkPump : IAsyncDisposable
{
    private readonly IAuditSink _sink;
    private readonly DeliveryOptions _options;
    private readonly SinkReader _reader;
    private readonly SinkPlace _place;
    private readonly DeliveryBackoff _backoff;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private volatile SinkStatus _status = SinkStatus.Unknown;

    /// <param name="name">The sink's, as configured.</param>
    /// <param name="sink">The way to the receiver; disposed with the pump where it can be.</param>
    /// <param name="options">Portions and pauses.</param>
    /// <param name="places">The log's directory, and the file that the sink's place is kept in.</param>
    /// <param name="journal">Where it is recorded when records are gone.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logger">For operators.</param>
    public SinkPump(string name, IAuditSink sink, DeliveryOptions options, (string Log, string Cursor) places, ICallJournal journal, TimeProvider clock, ILogger logger)
    {
        Name = name;
        _sink = sink;
        _options = options;
        _clock = clock;
        _logger = logger;
        _reader = new SinkReader(name, places.Log, options, journal, clock, logger);
        _place = new SinkPlace(name, places.Cursor, options.CursorInterval, clock, logger);
        _backoff = new DeliveryBackoff(options);
    }

    public string Name { get; }

    public SinkStatus Status => _status;

    /// <summary>The last record that need not be delivered again.</summary>
    public long Confirmed => _place.ConfirmedSequence;

    /// <summary>Reads the sink's place, so that <see cref="Confirmed"/> is known.</summary>
    public void Open()
    {
        _place.Load();
        _status = _status with { Delivered = Confirmed };
        _reader.Start(_place.Confirmed);
        DeliveryLog.Starts(_logger, Name, Confirmed);
    }

    /// <summary>Delivers until it is told to stop.</summary>
    /// <param name="finish">Asks it to deliver what is on file and then to end; a failure ends it then, too.</param>
    /// <param name="stop">Ends it at once.</param>
    public async Task RunAsync(CancellationToken finish, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var pause = await RoundAsync(finish, stop);
                if (pause is { } time)
                {
                    _place.Save();
                    if (finish.IsCancellationRequested)
                    {
                        return;
                    }

                    await PauseAsync(time, finish, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What is left is in the files, for the next start.
        }
        finally
        {
            _place.Save();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        if (_sink is IAsyncDisposable farewell)
        {
            await farewell.DisposeAsync();
        }
        else
        {
            (_sink as IDisposable)?.Dispose();
        }
    }

    /// <summary>Delivers what can be read at once. Returns how long to wait then; null: go on.</summary>
    private async Task<TimeSpan?> RoundAsync(CancellationToken finish, CancellationToken stop)
    {
        try
        {
            return await DeliverAsync(finish, stop);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // A loop that died would leave the receiver without records and nobody the wiser.
            DeliveryLog.Fault(_logger, Name, fault.GetType(), fault.StackTrace);
            return GoBack(DeliveryResult.Failed($"Fault in the delivery ({fault.GetType().Name})."));
        }
    }

    private async Task<TimeSpan?> DeliverAsync(CancellationToken finish, CancellationToken stop)
    {
        IReadOnlyList<CallLogLine> lines;
        try
        {
            lines = _reader.Read(out var startsAnew);
            if (startsAnew)
            {
                _place.StartAnew();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Pause(DeliveryResult.Failed("The call log's files cannot be read."));
        }

        if (lines.Count == 0)
        {
            return await RestAsync(stop);
        }

        for (var start = 0; start < lines.Count;)
        {
            var batch = new DeliveryBatch(lines, start, Math.Min(_options.BatchRecords, lines.Count - start));
            _status = _status with { OldestPending = RecordHeadline.Read(batch[0].Json.Span).LoggedAt ?? _clock.GetUtcNow() };
            var result = await AttemptAsync(batch, stop);
            if (result.Outcome == DeliveryOutcome.Accepted)
            {
                Accept(batch, result);
                start += batch.Count;
                continue;
            }

            if (finish.IsCancellationRequested || _place.IsInDoubt)
            {
                return GoBack(result);
            }

            _place.Save();
            await PauseAsync(Pause(result), finish, stop);
        }

        return null;
    }

    /// <summary>Nothing to deliver: all that remains is what the receiver has not answered for.</summary>
    private async Task<TimeSpan?> RestAsync(CancellationToken stop)
    {
        _status = _status with { OldestPending = null };
        if (!_place.IsInDoubt)
        {
            Succeed();
            return _options.Interval;
        }

        var result = await AttemptAsync(default, stop);
        if (result.Outcome == DeliveryOutcome.Accepted)
        {
            _place.Confirm(result.Confirmed);
            Succeed();
            return _options.Interval;
        }

        return GoBack(result);
    }

    /// <summary>What was given before may be lost as well: from what is known to have arrived, on.</summary>
    private TimeSpan GoBack(DeliveryResult result)
    {
        _place.Return();
        _reader.Rewind(_place.Confirmed);
        return Pause(result);
    }

    private async Task<DeliveryResult> AttemptAsync(DeliveryBatch batch, CancellationToken stop)
    {
        try
        {
            return await _sink.DeliverAsync(batch, stop);
        }
        catch (Exception fault) when (!stop.IsCancellationRequested)
        {
            // Whatever a sink does wrong, its records wait.
            DeliveryLog.Fault(_logger, Name, fault.GetType(), fault.StackTrace);
            return DeliveryResult.Failed($"Fault in the sink ({fault.GetType().Name}).");
        }
    }

    private void Accept(DeliveryBatch batch, DeliveryResult result)
    {
        _place.Advance(batch[batch.Count - 1]);
        _place.Confirm(result.Confirmed);
        if (result.Rejected > 0)
        {
            DeliveryLog.Rejected(_logger, Name, result.Rejected, batch.FirstSequence, batch.LastSequence);
        }

        _status = _status with { Delivered = batch.LastSequence, Rejected = _status.Rejected + result.Rejected };
        Succeed();
    }

    private void Succeed()
    {
        _backoff.Reset();
        if (_status.Problem is not null)
        {
            _status = _status with { Problem = null };
            DeliveryLog.Recovered(_logger, Name, _status.Delivered);
        }
    }

    /// <summary>Notes a failure, and tells of it where it is another than the last one.</summary>
    private TimeSpan Pause(DeliveryResult result)
    {
        var problem = result.Problem ?? "The receiver cannot be reached.";
        if (_status.Problem != problem)
        {
            _status = _status with { Problem = problem };
            if (result.Outcome == DeliveryOutcome.Refused)
            {
                DeliveryLog.Refused(_logger, Name, problem);
            }
            else
            {
                DeliveryLog.Fails(_logger, Name, problem);
            }
        }

        return _backoff.Next(result);
    }

    private async Task PauseAsync(TimeSpan time, CancellationToken finish, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(finish, stop);
        try
        {
            await Task.Delay(time, _clock, either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The last round begins at once.
        }
    }
}
