namespace Gateway.Tasks;

/// <summary>Runs what must be finished though nobody waits for it, and waits for it at the end of the process.</summary>
internal sealed class BackgroundWork : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>As <see cref="RunAsync"/>, for a caller who does not wait; nobody sees its faults, so it has to report its own.</summary>
    public void Begin(Func<Task> work) => _ = RunAsync(work);

    /// <returns>The work, with its faults.</returns>
    public Task RunAsync(Func<Task> work)
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
