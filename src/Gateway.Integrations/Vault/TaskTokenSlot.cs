namespace Gateway.Integrations.Vault;

/// <summary>The place of one task's token: made once, for whoever asks first and all who wait with him.</summary>
/// <param name="create">Makes it; not bound to any caller's wait.</param>
internal sealed class TaskTokenSlot(Func<Task<TaskToken>> create)
{
    private readonly Lock _gate = new();
    private Task<TaskToken>? _creation;
    private volatile TaskToken? _token;
    private volatile bool _hasFailed;

    /// <summary>Null until it is made.</summary>
    public TaskToken? Token => _token;

    /// <summary>Whether the slot is of no use, since its token could not be made.</summary>
    public bool HasFailed => _hasFailed;

    public Task<TaskToken> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _creation ??= Task.Run(CreateAsync, CancellationToken.None);
            return _creation.WaitAsync(cancellationToken);
        }
    }

    private async Task<TaskToken> CreateAsync()
    {
        try
        {
            return _token = await create();
        }
        catch
        {
            _hasFailed = true;
            throw;
        }
    }
}
