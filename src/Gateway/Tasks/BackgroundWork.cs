namespace Gateway.Tasks;

/// <summary>Runs what must be finished though nobody waits for it, and waits for it at the end of the process.</summary>
/// <param name="logger">For what fails while nobody waits.</param>
internal sealed partial class BackgroundWork(ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>As <see cref="RunAsync"/>, for a caller who does not wait.</summary>
    public void Begin(Func<Task> work) => _ = RunAsync(work);

    /// <returns>The work, for whoever waits for it; its faults are logged in any case.</returns>
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

                if (done.Exception is { } fault)
                {
                    WorkFailed(logger, fault.GetBaseException());
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return task;
    }

    /// <summary>Waits for what runs and for what that begins, as long as there is patience.</summary>
    public async Task DrainAsync()
    {
        var patience = Task.Delay(Patience, TimeProvider.System);
        while (Running() is { Length: > 0 } running && !patience.IsCompleted)
        {
            await Task.WhenAny(Task.WhenAll(running), patience);
        }
    }

    public ValueTask DisposeAsync() => new(DrainAsync());

    private Task[] Running()
    {
        lock (_gate)
        {
            return [.. _running];
        }
    }

    [LoggerMessage(1206, LogLevel.Error, "What the end of a task or the suspension of an agent entails could not be finished", EventName = "BackgroundWorkFailed")]
    private static partial void WorkFailed(ILogger logger, Exception exception);
}
