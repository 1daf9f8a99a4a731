using Gateway.Core.Tasks;
using Gateway.Hosting;

namespace Gateway.Tasks;

/// <summary>Takes up the tasks and suspensions of the process before this one, and ends tasks whose time is up.</summary>
internal sealed partial class TaskLifecycleService(
    TaskRegistry tasks, AgentDirectory agents, TaskEnder ender, SnapshotSource snapshots, TimeProvider clock, ILogger<TaskLifecycleService> logger)
    : BackgroundService
{
    private static readonly TimeSpan IdleCheck = TimeSpan.FromSeconds(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the server listens: no call may find a task or a suspension missing.
        await agents.RestoreAsync(cancellationToken);
        foreach (var task in await tasks.RestoreAsync(cancellationToken))
        {
            if (task.End is null)
            {
                ender.Begin(task, TaskEndReason.Interrupted, "Its parent task ended while the gateway was down.");
            }
            else
            {
                ender.Finish(task);
            }
        }

        foreach (var task in tasks.All.Where(t => t.End is null && agents.Find(t.Definition.Agent) is not null))
        {
            ender.Begin(task, TaskEndReason.Killed, "Its agent was suspended as the gateway went down.");
        }

        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);

        // While the log still takes what is to be said of them.
        await ender.DrainAsync();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(EndExpiredAsync(stoppingToken), EndIdleAsync(stoppingToken));

    private async Task EndExpiredAsync(CancellationToken stoppingToken)
    {
        await foreach (var task in tasks.Due.ReadAllAsync(stoppingToken))
        {
            ender.Begin(task, TaskEndReason.Expired, null);
        }
    }

    private async Task EndIdleAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(IdleCheck, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (snapshots.Current.Tasks.IdleTimeout is not { } limit)
            {
                continue;
            }

            foreach (var task in tasks.All.Where(t => t.End is null && t.Idle >= limit))
            {
                IdleTask(logger, task.Id);
                ender.Begin(task, TaskEndReason.Interrupted, $"It was not used for {limit:c}.");
            }
        }
    }

    [LoggerMessage(1203, LogLevel.Debug, "Task {Task} was idle", EventName = "TaskIdle")]
    private static partial void IdleTask(ILogger logger, string task);
}
