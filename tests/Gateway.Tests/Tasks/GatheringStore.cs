using Gateway.Core.Credentials;
using Gateway.Core.Tasks;

namespace Gateway.Tests.Tasks;

/// <summary>Remembers nothing, and answers nobody before it was asked about as many tasks as there are: whoever asks about one after the other waits for ever.</summary>
internal sealed class GatheringStore(int tasks) : ITaskStore, ILeaseAccounts
{
    private readonly Gathering _ends = new(tasks);
    private readonly Gathering _accounts = new(tasks);

    public ValueTask AddAsync(TaskDefinition task, CancellationToken cancellationToken) => default;

    public ValueTask EndAsync(string task, TaskEnd end, CancellationToken cancellationToken) => new(_ends.WaitAsync());

    public ValueTask NoteEndRecordedAsync(string task, CancellationToken cancellationToken) => default;

    public ValueTask<RememberedTask?> FindAsync(string task, CancellationToken cancellationToken) => default;

    public ValueTask<IReadOnlyList<RememberedTask>> LoadAsync(DateTimeOffset endedSince, CancellationToken cancellationToken) => new([]);

    public ValueTask OpenAsync(LeaseAccount account, CancellationToken cancellationToken) => default;

    public ValueTask UpdateAsync(IReadOnlyCollection<LeaseAccount> accounts, CancellationToken cancellationToken) => default;

    public async ValueTask<IReadOnlyList<LeaseAccount>> OfTaskAsync(string task, CancellationToken cancellationToken)
    {
        await _accounts.WaitAsync();
        return [];
    }

    public ValueTask AbandonAsync(DateTimeOffset at, CancellationToken cancellationToken) => default;

    public ValueTask PruneAsync(DateTimeOffset before, CancellationToken cancellationToken) => default;

    private sealed class Gathering(int size)
    {
        private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _here;

        public Task WaitAsync()
        {
            if (Interlocked.Increment(ref _here) == size)
            {
                _complete.SetResult();
            }

            return _complete.Task;
        }
    }
}
