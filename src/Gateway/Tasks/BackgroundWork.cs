namespace Gateway.Tasks;

/// <summary>Runs what must be finished though nobody waits for it, and waits for it at the end of the process.</summary>
internal sealed class BackgroundWork : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];

    /// <returns>The work; whoever waits for it sees its faults, and otherwise nobody does.</returns>
    public Task Run(Func<Task> work)
    {
        var task = Task.Run(work);
        lock (_gate)
        {
            _running.Add(task);
        }

        _ = task.ContinueWith(
            done =>
            {
                lock (_gate)
                {
                    _running.Remove(done);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return task;
    }

    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_gate)
        {
            running = [.. _running];
        }

        await Task.WhenAny(Task.WhenAll(running), Task.Delay(Patience, TimeProvider.System));
    }
}
