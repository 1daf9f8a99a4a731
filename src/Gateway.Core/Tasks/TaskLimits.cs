namespace Gateway.Core.Tasks;

/// <summary>What configuration allows tasks.</summary>
internal sealed record TaskLimits
{
    /// <summary>The life of a task that asks for none.</summary>
    public TimeSpan DefaultLifetime { get; init; } = TimeSpan.FromMinutes(15);

    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many tasks may be above one.</summary>
    public int MaxDelegationDepth { get; init; } = 3;

    /// <summary>How many tasks that run one agent may have started.</summary>
    public int MaxRunning { get; init; } = 1000;

    /// <summary>How many that run or ended within the last hour: what an agent in a loop can do to memory and disk.</summary>
    public int MaxPerHour { get; init; } = 10_000;
}
