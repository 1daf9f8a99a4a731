using Gateway.Core.Tasks;

namespace Gateway.Tests.Tasks;

/// <summary>Remembers nothing, and has a fault that nobody expects of a store.</summary>
internal sealed class BrokenTaskStore : ITaskStore
{
    public ValueTask AddAsync(TaskDefinition task, CancellationToken cancellationToken) => default;

    public ValueTask EndAsync(string task, TaskEnd end, CancellationToken cancellationToken) => throw new InvalidOperationException("A fault.");

    public ValueTask NoteEndRecordedAsync(string task, CancellationToken cancellationToken) => default;

    public ValueTask<RememberedTask?> FindAsync(string task, CancellationToken cancellationToken) => default;

    public ValueTask<IReadOnlyList<RememberedTask>> LoadAsync(DateTimeOffset endedSince, CancellationToken cancellationToken) => new([]);

    public ValueTask PruneAsync(DateTimeOffset before, CancellationToken cancellationToken) => default;
}
