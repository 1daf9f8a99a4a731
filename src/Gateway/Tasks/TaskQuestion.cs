using Gateway.Core.Identity;

namespace Gateway.Tasks;

/// <summary>A task as somebody asks for it, by names.</summary>
internal sealed record TaskQuestion
{
    public required string Agent { get; init; }

    /// <summary>Who asks, for the log.</summary>
    public required string By { get; init; }

    public required string Purpose { get; init; }

    public TimeSpan? Lifetime { get; init; }

    public IReadOnlyList<string>? Tools { get; init; }

    public IReadOnlyList<string>? Scopes { get; init; }

    public string? User { get; init; }

    /// <summary>Id of the task that it is to be a part of; null where it stands alone.</summary>
    public string? Parent { get; init; }

    /// <summary>The Transaction Token that it is to be started with; null where there is none.</summary>
    public TransactionToken? Transaction { get; init; }
}
