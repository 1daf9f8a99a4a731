namespace Gateway.Core.Tasks;

/// <summary>What somebody asks to start a task as.</summary>
internal sealed record TaskRequest
{
    public required string Agent { get; init; }

    public required string Purpose { get; init; }

    /// <summary>Null means the configured default, or what is left of the parent's.</summary>
    public TimeSpan? Lifetime { get; init; }

    public IReadOnlyList<string>? Tools { get; init; }

    public IReadOnlyList<string>? Scopes { get; init; }

    public string? User { get; init; }

    public AgentTask? Parent { get; init; }

    public string? Transaction { get; init; }

    /// <summary>When it ends at the latest, whatever lifetime is asked for; null where nothing says so.</summary>
    public DateTimeOffset? EndsBy { get; init; }

    /// <summary>Whom <see cref="Agent"/> acts for as its own token says, nearest first; empty where it says nothing.</summary>
    public IReadOnlyList<string> ActsFor { get; init; } = [];
}
