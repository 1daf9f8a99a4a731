namespace Gateway.Core.Audit.UnderWay;

/// <summary>One flush for all who wait for one: whoever comes while one runs shares the next.</summary>
internal sealed class GroupFlush(Action flush)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _next;
    private bool _isRunning;

    /// <summary>Completes when everything written before is on the disk; fails as the flush does.</summary>
    public Task FlushAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource next;
        lock (_gate)
        {
            next = _next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_isRunning)
            {
                _isRunning = true;
                _ = Task.Run(Run, CancellationToken.None);
            }
        }

        return next.Task.WaitAsync(cancellationToken);
    }

    private void Run()
    {
        while (TakeNext() is { } waiting)
        {
            try
            {
                flush();
                waiting.SetResult();
            }
            catch (Exception exception)
            {
                waiting.SetException(exception);
            }
        }
    }

    private TaskCompletionSource? TakeNext()
    {
        lock (_gate)
        {
            var next = _next;
            _next = null;
            _isRunning = next is not null;
            return next;
        }
    }
}
