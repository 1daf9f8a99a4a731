namespace Gateway.Integrations.Sqlite;

/// <summary>Work with a result.</summary>
internal sealed class StateTask<T>(Func<StateTransaction, T> work) : StateWork
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> WaitAsync(CancellationToken cancellationToken) => _done.Task.WaitAsync(cancellationToken);

    public override void Run(StateTransaction transaction) => _result = work(transaction);

    public override void Complete() => _done.TrySetResult(_result ?? throw new InvalidOperationException("Work for the state file has a result."));

    public override void Fail(Exception exception) => _done.TrySetException(exception);
}
