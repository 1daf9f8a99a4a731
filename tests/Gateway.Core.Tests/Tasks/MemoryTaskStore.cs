using System.Collections.Concurrent;
using Gateway.Core.Tasks;

namespace Gateway.Core.Tests.Tasks;

/// <summary>Remembers as long as the test, and fails when told to.</summary>
internal sealed class MemoryTaskStore : ITaskStore
{
    private readonly ConcurrentDictionary<string, RememberedTask> _tasks = new(StringComparer.Ordinal);

    public bool Broken { get; set; }

    public ValueTask AddAsync(TaskDefinition task, CancellationToken cancellationToken)
    {
        ThrowIfBroken();
        _tasks[task.Id] = new RememberedTask(task, null);
        return default;
    }

    public ValueTask EndAsync(string task, TaskEnd end, CancellationToken cancellationToken)
    {
        ThrowIfBroken();
        _tasks[task] = _tasks[task] with { End = _tasks[task].End ?? end };
        return default;
    }

    public ValueTask NoteEndRecordedAsync(string task, CancellationToken cancellationToken)
    {
        ThrowIfBroken();
        _tasks[task] = _tasks[task] with { EndIsRecorded = true };
        return default;
    }

    public ValueTask<RememberedTask?> FindAsync(string task, CancellationToken cancellationToken) => new(_tasks.GetValueOrDefault(task));

    public ValueTask<IReadOnlyList<RememberedTask>> LoadAsync(DateTimeOffset endedSince, CancellationToken cancellationToken) =>
        new([.. _tasks.Values.Where(t => t.End is null || t.End.At >= endedSince || !t.EndIsRecorded).OrderBy(t => t.Definition.Depth).ThenBy(t => t.Definition.StartedAt)]);

    public ValueTask PruneAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        foreach (var task in _tasks.Values.Where(t => t.End?.At < before))
        {
            _tasks.TryRemove(task.Definition.Id, out _);
        }

        return default;
    }

    private void ThrowIfBroken()
    {
        if (Broken)
        {
            throw new StateUnavailableException("The store is broken.");
        }
    }
}
