using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Threading.Channels;

namespace Gateway.Core.Tasks;

/// <summary>The tasks of this gateway: those that run, and those that ended lately, so that a late call is told so.</summary>
internal sealed class TaskRegistry(ITaskStore store, TimeProvider clock) : IDisposable
{
    /// <summary>How long an ended task is remembered in memory.</summary>
    private static readonly TimeSpan Afterlife = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, AgentTask> _tasks = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ITimer> _timers = new(StringComparer.Ordinal);
    private readonly TaskCounts _counts = new();
    private readonly Channel<AgentTask> _due = Channel.CreateUnbounded<AgentTask>();

    /// <summary>Tasks whose time is up, as it comes to be.</summary>
    public ChannelReader<AgentTask> Due => _due.Reader;

    public IEnumerable<AgentTask> All => _tasks.Values;

    public bool TryFind(string id, [NotNullWhen(true)] out AgentTask? task) => _tasks.TryGetValue(id, out task);

    /// <summary>Takes up the tasks of the process before this one. Call once, before any other.</summary>
    /// <returns>Those whose parent has ended meanwhile, which have to be ended, and those in whose end the process stopped, which has to be finished.</returns>
    public async ValueTask<IReadOnlyList<AgentTask>> RestoreAsync(CancellationToken cancellationToken)
    {
        var unfinished = new List<AgentTask>();
        foreach (var remembered in await store.LoadAsync(clock.GetUtcNow() - Afterlife, cancellationToken))
        {
            // A parent is there before its parts.
            var definition = remembered.Definition;
            var parent = definition.Parent is { } id ? _tasks.GetValueOrDefault(id) : null;
            var task = new AgentTask(definition, parent, clock) { IsRestored = true };
            _tasks[task.Id] = task;
            _counts.Restore(StarterOf(task), runs: remembered.End is null);
            if (remembered.End is { } end)
            {
                task.Close(end);
                Watch(task, Afterlife);
                if (remembered.EndIsRecorded)
                {
                    task.Conclude();
                }
                else
                {
                    unfinished.Add(task);
                }
            }
            else if (definition.Parent is not null && parent?.TryAdopt(task) != true)
            {
                unfinished.Add(task);
            }
            else
            {
                Watch(task, definition.ExpiresAt - clock.GetUtcNow());
            }
        }

        return unfinished;
    }

    /// <summary>Starts a task.</summary>
    /// <exception cref="StateUnavailableException">It cannot be remembered, so it is not started.</exception>
    public async ValueTask<TaskStart> StartAsync(TaskRequest request, TaskLimits limits, CancellationToken cancellationToken)
    {
        if (TaskRules.Problem(request, limits) is { } problem)
        {
            return TaskStart.Refuse(problem);
        }

        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var task = new AgentTask(TaskRules.Define(id, request, limits, clock.GetUtcNow()), request.Parent, clock);
        if (_counts.TryAdd(StarterOf(task), limits) is { } tooMany)
        {
            return TaskStart.Refuse(TaskStartProblem.TooMany, tooMany);
        }

        try
        {
            await store.AddAsync(task.Definition, cancellationToken);
        }
        catch
        {
            _counts.Ended(StarterOf(task));
            _counts.Forgotten(StarterOf(task));
            throw;
        }

        _tasks[id] = task;
        if (request.Parent?.TryAdopt(task) == false)
        {
            Close(task, new TaskEnd(TaskEndReason.Interrupted, clock.GetUtcNow(), "The parent task ended while this one was being started."));
            task.Conclude(); // nobody knows its id, so nothing was done under it
            await store.EndAsync(id, task.End ?? throw new InvalidOperationException("A closed task has an end."), cancellationToken);
            await store.NoteEndRecordedAsync(id, cancellationToken); // its start is not in the log either
            return TaskStart.Refuse(TaskStartProblem.ParentEnded, "The parent task has ended.");
        }

        Watch(task, task.Definition.ExpiresAt - clock.GetUtcNow());
        return TaskStart.Success(task);
    }

    /// <summary>Ends a task and everything below it: no call of any of them starts after the return. See <see cref="RememberEndAsync"/>.</summary>
    /// <returns>The tasks that ended now; none where it had ended before.</returns>
    public IReadOnlyList<AgentTask> Close(AgentTask task, TaskEnd end)
    {
        var ended = task.Close(end);
        foreach (var one in ended)
        {
            _counts.Ended(StarterOf(one));
            Watch(one, Afterlife);
        }

        return ended;
    }

    /// <summary>Writes down how a task ended.</summary>
    /// <exception cref="StateUnavailableException">It cannot be.</exception>
    public ValueTask RememberEndAsync(AgentTask task, CancellationToken cancellationToken) =>
        task.End is { } end ? store.EndAsync(task.Id, end, cancellationToken) : default;

    /// <summary>Notes that its end is in the log.</summary>
    /// <exception cref="StateUnavailableException">It cannot be, so the next process puts it there once more.</exception>
    public ValueTask NoteEndRecordedAsync(AgentTask task, CancellationToken cancellationToken) => store.NoteEndRecordedAsync(task.Id, cancellationToken);

    public void Dispose()
    {
        _due.Writer.TryComplete();
        foreach (var (_, timer) in _timers)
        {
            timer.Dispose();
        }
    }

    /// <summary>Whose it counts as: a part's is the agent of the whole, which could otherwise use up what another one may have.</summary>
    private static string StarterOf(AgentTask task) => (task.Parent ?? task).Definition.Agent;

    /// <summary>Sees to it that a running task becomes due, and that an ended one is forgotten.</summary>
    private void Watch(AgentTask task, TimeSpan delay)
    {
        // A timer of less than nothing would be refused; one of nothing fires at once.
        var timer = clock.CreateTimer(state => OnTimer((AgentTask)state!), task, delay > TimeSpan.Zero ? delay : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        _timers.AddOrUpdate(task.Id, timer, (_, previous) =>
        {
            previous.Dispose();
            return timer;
        });
    }

    private void OnTimer(AgentTask task)
    {
        if (task.End is null)
        {
            _due.Writer.TryWrite(task);
            return;
        }

        if (_tasks.TryRemove(task.Id, out _))
        {
            _counts.Forgotten(StarterOf(task));
        }

        task.Parent?.Release(task);
        if (_timers.TryRemove(task.Id, out var timer))
        {
            timer.Dispose();
        }
    }
}
