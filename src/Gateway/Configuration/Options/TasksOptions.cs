namespace Gateway.Configuration;

/// <summary>What tasks may be. A task is a time-boxed piece of an agent's work; credentials are issued under it and end with it.</summary>
internal sealed record TasksOptions
{
    /// <summary>Whether every call has to name a task. Tools can ask for one by themselves, see <see cref="ToolTasksOptions"/>. Default: false.</summary>
    public bool Required { get; init; }

    /// <summary>The life of a task that asks for none. 1 second to 30 days; at most <see cref="MaxLifetime"/>. Default: 15 minutes.</summary>
    [Between("00:00:01", "30.00:00:00")]
    public TimeSpan DefaultLifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The longest life that a task may ask for. 1 second to 30 days. Default: 1 hour.</summary>
    [Between("00:00:01", "30.00:00:00")]
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a task may go unused before it ends. 1 second to 30 days. Null: as long as it lives.</summary>
    [Between("00:00:01", "30.00:00:00")]
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>Whether a task ends when the last of its calls does, for agents that hold one stream open while they work. Default: false.</summary>
    public bool EndWithLastCall { get; init; }

    /// <summary>How many tasks may be above one. 0 to 32. Default: 3.</summary>
    [Expects("a number from 0 to 32")]
    public int MaxDelegationDepth { get; init; } = 3;

    /// <summary>How many tasks one agent may have started that run or ended within the last hour. 1 to 1,000,000. Default: 10,000.</summary>
    [Expects("a number from 1 to 1000000")]
    public int MaxPerHour { get; init; } = 10_000;

    /// <summary>How long the calls under way may go on once their task has ended. 0 to 5 minutes. Default: not at all.</summary>
    [Between("00:00:00", "00:05:00")]
    public TimeSpan Grace { get; init; }

    /// <summary>How many denials end a task as deviated. Null: none do, but for those of <c>@onDeny("end-task")</c>.</summary>
    public DenialLimitOptions? DenialLimit { get; init; }

    /// <summary>Whose Transaction Tokens a task may be started with.</summary>
    public TransactionTokensOptions TransactionTokens { get; init; } = new();
}
