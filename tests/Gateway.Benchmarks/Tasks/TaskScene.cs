using System.Collections.Concurrent;
using System.Diagnostics;
using Gateway.Core.Credentials;
using Gateway.Core.Tasks;
using Gateway.Integrations.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks.Tasks;

/// <summary>Tasks, leases and their ledgers as a gateway has them, with calls under way.</summary>
internal sealed class TaskScene : IAsyncDisposable
{
    public const int LiveTasks = 1_000;

    private const int Agents = 50;
    private const int CallsPerTurn = 50;

    private static readonly TimeSpan TurnPause = TimeSpan.FromMilliseconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly StateDatabase _state;
    private readonly HandleProtection _protection;
    private readonly TaskRegistry _tasks;
    private readonly LeaseStore _leases;
    private readonly RevocationWorker _worker;
    private readonly CredentialDefinition _credential;
    private readonly ConcurrentQueue<LiveTask> _live = new();
    private Task _background = Task.CompletedTask;
    private int _started;

    private TaskScene(string folder)
    {
        var journal = new NoJournal();
        _state = new StateDatabase(folder, NullLogger<StateDatabase>.Instance);
        _protection = new HandleProtection(folder);
        _tasks = new TaskRegistry(new SqliteTaskStore(_state), TimeProvider.System);
        var book = new RevocationBook(new SqliteRevocationOutbox(_state, _protection), journal, TimeProvider.System, NullLogger<RevocationBook>.Instance);
        _leases = new LeaseStore(
            TimeProvider.System, NullLogger<LeaseStore>.Instance, new LeaseStoreOptions(), book, new SqliteLeaseAccounts(_state), journal);
        _worker = new RevocationWorker(book, _ => null, new RevocationOptions(), TimeProvider.System, NullLogger<RevocationWorker>.Instance);
        _credential = new CredentialDefinition { Name = "credential", Provider = new TokenProvider(), Inject = [InjectionTemplate.Bearer] };
    }

    public static async Task<TaskScene> StartAsync(string folder)
    {
        var scene = new TaskScene(folder);
        scene._state.Open();
        await Task.WhenAll(Enumerable.Range(0, LiveTasks).Select(_ => scene.StartOneAsync()));
        scene._background = Task.WhenAll(scene._worker.RunAsync(scene._stop.Token), Task.Run(scene.CallAsync));
        return scene;
    }

    /// <summary>Ends the oldest task, with so many streams open, and starts another in its place.</summary>
    /// <returns>From the moment that it is to end until its credential cannot be used any more.</returns>
    public async Task<TimeSpan> EndOneAsync(int streams)
    {
        if (!_live.TryDequeue(out var live))
        {
            throw new InvalidOperationException("No task is alive.");
        }

        var (task, lease) = live;
        for (var i = 1; i < streams; i++) // one has been open since its start
        {
            OpenStream(task);
        }

        // As TaskEnder.Close does, and waits.
        var begin = Stopwatch.GetTimestamp();
        foreach (var ended in _tasks.Close(task, new TaskEnd(TaskEndReason.Completed, TimeProvider.System.GetUtcNow(), null)))
        {
            _leases.EndTask(ended.Id);
        }

        task.Gate.CutOff();
        await task.Gate.WaitUntilEmptyAsync(CancellationToken.None);
        var time = Stopwatch.GetElapsedTime(begin);

        if (task.TryEnter(TimeProvider.System.GetUtcNow()) || _leases.TryGet(lease, out _))
        {
            throw new InvalidOperationException("The task has ended and can be used nevertheless.");
        }

        await _tasks.RememberEndAsync(task, CancellationToken.None);
        await StartOneAsync();
        return time;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _background;
        await _leases.StopAsync();
        _leases.Dispose();
        _tasks.Dispose();
        await _state.DisposeAsync();
        _protection.Dispose();
        _stop.Dispose();
    }

    private async Task StartOneAsync()
    {
        var agent = $"bench:agent-{Interlocked.Increment(ref _started) % Agents}";
        var start = await _tasks.StartAsync(new TaskRequest { Agent = agent, Purpose = "benchmark" }, new TaskLimits(), CancellationToken.None);
        if (start.Task is not { } task || !task.TryEnter(TimeProvider.System.GetUtcNow()))
        {
            throw new InvalidOperationException($"A task cannot be started: {start.Problem}");
        }

        task.Leave();
        OpenStream(task);
        _live.Enqueue(new LiveTask(task, await AcquireAsync(task) ?? throw new InvalidOperationException("There is no lease.")));
    }

    /// <summary>A call that its upstream keeps open until it is cut off.</summary>
    private static void OpenStream(AgentTask task)
    {
        if (task.TryEnter(TimeProvider.System.GetUtcNow()))
        {
            _ = StreamAsync(task);
        }

        static async Task StreamAsync(AgentTask task)
        {
            var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using (task.Gate.Cut.UnsafeRegister(static state => ((TaskCompletionSource)state!).SetResult(), cut))
            {
                await cut.Task;
            }

            task.Leave();
        }
    }

    /// <summary>Calls under all tasks, one after the other.</summary>
    private async Task CallAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            foreach (var (task, lease) in _live.Take(CallsPerTurn))
            {
                await CallAsync(task, lease);
            }

            await Task.Delay(TurnPause);
        }
    }

    private async Task CallAsync(AgentTask task, LeaseReference lease)
    {
        if (!task.TryEnter(TimeProvider.System.GetUtcNow()))
        {
            return;
        }

        _ = await AcquireAsync(task) is not null && _leases.TryGet(lease, out _);
        task.Leave();
    }

    private async ValueTask<LeaseReference?> AcquireAsync(AgentTask task)
    {
        var key = new LeaseKey(task.Definition.Agent, task.Id, "tool", _credential.Name, "");
        return (await _leases.AcquireAsync(key, _credential, maxLifetime: null, task.Definition.ExpiresAt, CancellationToken.None)).Reference;
    }

    private sealed record LiveTask(AgentTask Task, LeaseReference Lease);

    private sealed class NoJournal : ILeaseJournal
    {
        public void Record(LeaseEvent lease)
        {
            // The log is written by a thread of its own.
        }
    }
}
