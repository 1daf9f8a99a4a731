namespace Gateway.Configuration;

/// <summary>What a tool demands of tasks.</summary>
internal sealed record ToolTasksOptions
{
    /// <summary>Whether a call to this tool has to name a task. Default: false, which leaves it to <see cref="TasksOptions.Required"/>.</summary>
    public bool Required { get; init; }
}
