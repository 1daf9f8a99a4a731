namespace Gateway.Core.Audit;

/// <summary>The log's one writer at work: takes records together, has them written, and goes on after whatever goes wrong.</summary>
internal sealed class JournalLoop(
    CallJournalOptions options, JournalQueue queue, JournalWriter writer, JournalHealth health, FlushWaiters flushes, TimeProvider clock)
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly JournalLag _lag = new(queue, clock);
    private volatile bool _isEnding;
    private bool _needsRestore = true;
    private int _unwritten;

    /// <summary>Completes after the first attempt to open the directory, successful or not.</summary>
    public Task WaitUntilOpenedAsync(CancellationToken cancellationToken) => _opened.Task.WaitAsync(cancellationToken);

    /// <inheritdoc cref="JournalLag.Value"/>
    public TimeSpan Lag => _lag.Value;

    /// <summary>Whether the log was opened and is in a state in which it could be written.</summary>
    public bool IsHealthy => !_needsRestore;

    /// <summary>Has the loop end as soon as all is written; records are no longer waited for to gather.</summary>
    public void End() => _isEnding = true;

    /// <summary>Ends when the queue is complete and written, and never before: whatever goes wrong is a fault to recover from.</summary>
    /// <param name="giveUp">Ends it after one last attempt.</param>
    public async Task RunAsync(CancellationToken giveUp)
    {
        try
        {
            do
            {
                while (!await TryWriteAsync())
                {
                    await Task.Delay(options.CheckInterval, clock, giveUp);
                }
            }
            while (await WaitAsync(giveUp));
        }
        catch (OperationCanceledException)
        {
            await TryWriteAsync();
        }
    }

    private async ValueTask<bool> WaitAsync(CancellationToken giveUp)
    {
        var more = queue.WaitAsync(giveUp).AsTask();
        if (writer.DueIn is { } due && await Task.WhenAny(more, Task.Delay(due, clock, giveUp)) != more)
        {
            // Head and checkpoints are renewed when activity pauses, and not only when it goes on.
            giveUp.ThrowIfCancellationRequested();
            return true;
        }

        if (!await more)
        {
            return false;
        }

        if (options.GatherInterval > TimeSpan.Zero && !_isEnding)
        {
            await Task.Delay(options.GatherInterval, clock, giveUp);
        }

        return true;
    }

    private async ValueTask<bool> TryWriteAsync()
    {
        _lag.Begin(); // also where the directory cannot even be opened
        try
        {
            if (_needsRestore)
            {
                await writer.RestoreAsync();
                _needsRestore = false;
            }

            bool more;
            do
            {
                _lag.Begin();
                Fill();
                more = writer.IsFull;
                await writer.WriteAsync();
                Acknowledge();
            }
            while (more);

            return true;
        }
        catch (Exception exception)
        {
            _needsRestore = true;
            health.Fail(exception);
            return false;
        }
        finally
        {
            _opened.TrySetResult();
        }
    }

    private void Fill()
    {
        while (!writer.IsFull && queue.TryRead(out var pending))
        {
            if (pending.Record is { } record)
            {
                writer.Add(record, pending.Open);
                _unwritten++;
            }
            else
            {
                writer.Check();
            }
        }
    }

    private void Acknowledge()
    {
        queue.Acknowledge(_unwritten);
        _unwritten = 0;
        _lag.Advance();
        health.Succeed(writer.LastSequence);
        flushes.Complete(queue.Written);
    }
}
