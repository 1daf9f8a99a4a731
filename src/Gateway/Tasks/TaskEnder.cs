using Gateway.Core.Credentials;
using Gateway.Core.Tasks;
using Gateway.Hosting;

namespace Gateway.Tasks;

/// <summary>Ends tasks: no further call, calls under way cut off, leases dropped, revoked and accounted for.</summary>
internal sealed partial class TaskEnder(
    TaskRegistry tasks,
    TaskLeases leases,
    TaskEvents events,
    SnapshotSource snapshots,
    TimeProvider clock,
    ILogger<TaskEnder> logger) : IAsyncDisposable
{
    /// <summary>Calls that were cut off end within microseconds; one that does not has a fault, which must not keep the end waiting.</summary>
    private static readonly TimeSpan CutLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private readonly BackgroundWork _background = new(logger);

    /// <summary>Ends a task from within one of its calls: no further call starts after the return, the rest follows in the background.</summary>
    public void Begin(AgentTask task, TaskEndReason reason, string? detail)
    {
        var ended = Close(task, new TaskEnd(reason, clock.GetUtcNow(), detail));
        if (ended.Count > 0)
        {
            _background.Begin(() => ConcludeAsync(ended));
        }
    }

    /// <summary>Ends a task whose last call has ended, unless a part of it goes on; its end is then that of the last part.</summary>
    public void BeginWhereSpent(AgentTask task)
    {
        if (task.IsSpent)
        {
            Begin(task, TaskEndReason.Interrupted, "Its last call ended.");
        }
    }

    /// <summary>Finishes an end in which the process before this one stopped: the task's leases are accounted for, and the log is told.</summary>
    public void Finish(AgentTask ended) => _background.Begin(() => ConcludeAsync([ended]));

    /// <summary>Ends a task and everything below it. After the return nothing of it starts at an upstream any more.</summary>
    /// <param name="task">Which.</param>
    /// <param name="reason">Why.</param>
    /// <param name="detail">One sentence for the SOC.</param>
    /// <param name="by">The agent or the operator who asks for it.</param>
    /// <param name="cancellationToken">Ends the waiting, not the end.</param>
    /// <returns>What became of its leases; of a task that had ended before, the same end, and its leases as of now.</returns>
    /// <exception cref="StateUnavailableException">It has ended, and that could not be written down yet; it is tried again.</exception>
    public async Task<TaskReceipt> EndAsync(AgentTask task, TaskEndReason reason, string? detail, string by, CancellationToken cancellationToken)
    {
        var ended = Close(task, new TaskEnd(reason, clock.GetUtcNow(), detail, by));

        // Whoever asked may go away; a task that has begun to end is ended. Whoever asks second waits for the first.
        await (ended.Count > 0 ? _background.RunAsync(() => ConcludeAsync(ended)).WaitAsync(cancellationToken) : task.WaitUntilConcludedAsync(cancellationToken));
        return await leases.ReceiptAsync(task.Definition, task.End ?? throw new InvalidOperationException("A closed task has an end."), cancellationToken);
    }

    /// <summary>Ends tasks and everything below them, as <see cref="EndAsync"/> does with one. All are closed before anything is waited for: none goes on because another takes long to end.</summary>
    /// <exception cref="StateUnavailableException">They have ended, and not all of that could be written down yet; it is tried again.</exception>
    public Task EndAllAsync(IEnumerable<AgentTask> running, TaskEndReason reason, string? detail, string by, CancellationToken cancellationToken)
    {
        var end = new TaskEnd(reason, clock.GetUtcNow(), detail, by);
        AgentTask[] ended = [.. running.SelectMany(task => Close(task, end))];
        return ended.Length > 0 ? _background.RunAsync(() => ConcludeAsync(ended)).WaitAsync(cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Waits for calls that were cut off to be over.</summary>
    /// <returns>False where some go on against all reason.</returns>
    public static async Task<bool> WaitUntilQuietAsync(CallGate gate, CancellationToken cancellationToken)
    {
        try
        {
            await gate.WaitUntilEmptyAsync(cancellationToken).WaitAsync(CutLimit, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Waits for what was begun, within bounds.</summary>
    public Task DrainAsync() => _background.DrainAsync();

    public ValueTask DisposeAsync() => new(DrainAsync());

    private IReadOnlyList<AgentTask> Close(AgentTask task, TaskEnd end)
    {
        var ended = tasks.Close(task, end);
        foreach (var one in ended)
        {
            leases.End(one.Id);
        }

        if (ended.Count > 0 && snapshots.Current.Tasks.Grace is var grace && grace > TimeSpan.Zero)
        {
            _background.Begin(() => CutOffLaterAsync(ended, grace));
        }
        else
        {
            CutOff(ended);
        }

        // What waited for nothing but this part.
        if (ended.Count > 0 && task.Parent is { } whole && snapshots.Current.Tasks.EndWithLastCall)
        {
            BeginWhereSpent(whole);
        }

        return ended;
    }

    private async Task ConcludeAsync(IReadOnlyList<AgentTask> ended)
    {
        try
        {
            await FinishAsync(ended);
        }
        finally
        {
            // Whatever went wrong: who ends a task that has ended must not wait for ever.
            foreach (var task in ended)
            {
                task.Conclude();
            }
        }
    }

    private async Task FinishAsync(IReadOnlyList<AgentTask> ended)
    {
        // Ahead of all waiting: a task that has begun to end must not be revived by a restart.
        var unwritten = await Task.WhenAll(ended.Select(RememberAsync));
        var unsettled = await Task.WhenAll(ended.Select(SettleAsync));
        _background.Begin(() => NoteRecordedAsync(ended));
        if (unwritten.Concat(unsettled).FirstOrDefault(p => p is not null) is { } problem)
        {
            throw new StateUnavailableException(problem.Message, problem);
        }
    }

    /// <returns>Why its end is not written down yet; null where it is.</returns>
    private async Task<Exception?> RememberAsync(AgentTask task)
    {
        try
        {
            await tasks.RememberEndAsync(task, CancellationToken.None);
            return null;
        }
        catch (StateUnavailableException problem)
        {
            _background.Begin(() => RememberLaterAsync(task));
            return problem;
        }
    }

    /// <summary>Waits until the task's calls are over and its leases revoked, as far as that comes in time, and tells the log.</summary>
    /// <returns>Why it is not known what became of its leases; null where it is.</returns>
    private async Task<Exception?> SettleAsync(AgentTask task)
    {
        // In their grace, calls go on with what they have sent; none of them can start anything.
        if (task.Gate.Cut.IsCancellationRequested && !await WaitUntilQuietAsync(task.Gate, CancellationToken.None))
        {
            CallsLinger(logger, task.Id, task.Gate.Count);
        }

        IReadOnlyList<LeaseAccount> accounts = [];
        Exception? unread = null;
        try
        {
            accounts = await leases.SettleAsync(task.Id, CancellationToken.None);
        }
        catch (LedgerUnavailableException problem)
        {
            unread = problem;
        }

        TaskEnded(logger, task.Id, task.Definition.Agent, task.End?.Reason ?? default, accounts.Count);
        events.Ended(task, accounts);
        task.Conclude();
        return unread;
    }

    /// <summary>A kill between the event and this note leads to a second event, never to none.</summary>
    private async Task NoteRecordedAsync(IReadOnlyList<AgentTask> ended)
    {
        try
        {
            await events.WaitUntilWrittenAsync(CancellationToken.None);
            foreach (var task in ended)
            {
                await tasks.NoteEndRecordedAsync(task, CancellationToken.None);
            }
        }
        catch (Exception problem) when (problem is StateUnavailableException or ObjectDisposedException)
        {
            EndNotNoted(logger, ended[0].Id, ended.Count - 1);
        }
    }

    private async Task RememberLaterAsync(AgentTask task)
    {
        for (var written = false; !written;)
        {
            await Task.Delay(RetryDelay, clock);
            try
            {
                await tasks.RememberEndAsync(task, CancellationToken.None);
                written = true;
            }
            catch (StateUnavailableException problem)
            {
                EndNotWritten(logger, task.Id, problem.Message);
            }
        }
    }

    private async Task CutOffLaterAsync(IReadOnlyList<AgentTask> ended, TimeSpan grace)
    {
        await Task.Delay(grace, clock);
        CutOff(ended);
    }

    private static void CutOff(IReadOnlyList<AgentTask> ended)
    {
        foreach (var task in ended)
        {
            task.Gate.CutOff();
        }
    }

    [LoggerMessage(1200, LogLevel.Information, "Task {Task} of {Agent} ended: {Reason}, with {Leases} leases", EventName = "TaskEnded")]
    private static partial void TaskEnded(ILogger logger, string task, string agent, TaskEndReason reason, int leases);

    [LoggerMessage(1201, LogLevel.Error, "Task {Task} ended, but {Calls} of its calls did not stop when they were cut off", EventName = "CallsLinger")]
    private static partial void CallsLinger(ILogger logger, string task, int calls);

    [LoggerMessage(1207, LogLevel.Warning, "That the end of task {Task} and {Others} others is in the log could not be noted; the next start repeats it", EventName = "EndNotNoted")]
    private static partial void EndNotNoted(ILogger logger, string task, int others);

    [LoggerMessage(1204, LogLevel.Error, "The end of task {Task} cannot be written down, so a restart would revive it: {Problem}", EventName = "EndNotWritten")]
    private static partial void EndNotWritten(ILogger logger, string task, string problem);
}
