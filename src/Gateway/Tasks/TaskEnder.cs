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

    private readonly BackgroundWork _background = new();

    /// <summary>Ends a task from within one of its calls: no further call starts after the return, the rest follows in the background.</summary>
    public void Begin(AgentTask task, TaskEndReason reason, string? detail)
    {
        var ended = Close(task, reason, detail);
        if (ended.Count > 0)
        {
            _background.Run(() => ConcludeAsync(ended, CancellationToken.None));
        }
    }

    /// <summary>Ends a task and everything below it. After the return nothing of it starts at an upstream any more.</summary>
    /// <returns>What became of its leases; of a task that had ended before, the same as then but as of now.</returns>
    /// <exception cref="StateUnavailableException">It has ended in this process, and that could not be written down; it is tried again.</exception>
    public async Task<TaskReceipt> EndAsync(AgentTask task, TaskEndReason reason, string? detail, CancellationToken cancellationToken)
    {
        var ended = Close(task, reason, detail);

        // Whoever asked may go away; a task that has begun to end is ended.
        await _background.Run(() => ConcludeAsync(ended, CancellationToken.None)).WaitAsync(cancellationToken);
        return await leases.ReceiptAsync(task, cancellationToken);
    }

    public ValueTask DisposeAsync() => _background.DisposeAsync();

    private IReadOnlyList<AgentTask> Close(AgentTask task, TaskEndReason reason, string? detail)
    {
        var ended = tasks.Close(task, new TaskEnd(reason, clock.GetUtcNow(), detail));
        foreach (var one in ended)
        {
            leases.Drop(one.Id);
        }

        if (snapshots.Current.TaskGrace == TimeSpan.Zero)
        {
            CutOff(ended);
        }

        return ended;
    }

    private async Task ConcludeAsync(IReadOnlyList<AgentTask> ended, CancellationToken cancellationToken)
    {
        if (snapshots.Current.TaskGrace is var grace && grace > TimeSpan.Zero)
        {
            await Task.Delay(grace, clock, cancellationToken);
            CutOff(ended);
        }

        foreach (var task in ended)
        {
            await WaitUntilQuietAsync(task, cancellationToken);
            TaskEnded(logger, task.Id, task.Definition.Agent, task.End?.Reason ?? default);
            await tasks.RememberEndAsync(task, cancellationToken);
            await leases.SettleAsync(task, cancellationToken);
            events.Ended(task);
        }
    }

    private static void CutOff(IReadOnlyList<AgentTask> ended)
    {
        foreach (var task in ended)
        {
            task.Gate.CutOff();
        }
    }

    private async Task WaitUntilQuietAsync(AgentTask task, CancellationToken cancellationToken)
    {
        try
        {
            await task.Gate.WaitUntilEmptyAsync(cancellationToken).WaitAsync(CutLimit, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            CallsLinger(logger, task.Id, task.Gate.Count);
        }
    }

    [LoggerMessage(1200, LogLevel.Information, "Task {Task} of {Agent} ended: {Reason}", EventName = "TaskEnded")]
    private static partial void TaskEnded(ILogger logger, string task, string agent, TaskEndReason reason);

    [LoggerMessage(1201, LogLevel.Error, "Task {Task} ended, but {Calls} of its calls did not stop when they were cut off", EventName = "CallsLinger")]
    private static partial void CallsLinger(ILogger logger, string task, int calls);
}
