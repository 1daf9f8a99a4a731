namespace Gateway.Core.Audit;

/// <summary>Those who wait until a given number of records is on file.</summary>
internal sealed class FlushWaiters
{
    private readonly Lock _gate = new();
    private readonly List<(long Count, TaskCompletionSource Done)> _waiting = [];
    private volatile bool _any;

    public Task WaitAsync(long count, Func<long> written, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Add((count, done));
            _any = true;
        }

        // After registering: the writer may have passed the number in between, and would not look again.
        Interlocked.MemoryBarrier();
        Complete(written());
        return done.Task.WaitAsync(cancellationToken);
    }

    public void Complete(long written)
    {
        if (!_any)
        {
            return;
        }

        lock (_gate)
        {
            _waiting.RemoveAll(waiter => waiter.Count <= written && waiter.Done.TrySetResult());
            _any = _waiting.Count > 0;
        }
    }

    public void Fail(Exception exception)
    {
        lock (_gate)
        {
            _waiting.ForEach(waiter => waiter.Done.TrySetException(exception));
            _waiting.Clear();
            _any = false;
        }
    }
}
