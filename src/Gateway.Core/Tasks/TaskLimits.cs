namespace Gateway.Core.Tasks;

/// <summary>What configuration allows tasks.</summary>
internal sealed record TaskLimits
{
    /// <summary>The life of a task that asks for none.</summary>
    public TimeSpan DefaultLifetime { get; init; } = TimeSpan.FromMinutes(15);

    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many tasks may be above one.</summary>
    public int MaxDelegationDepth { get; init; } = 3;

    /// <summary>How many tasks one agent may have at a time, so that none can fill the memory.</summary>
    public int MaxPerAgent { get; init; } = 1000;
}
