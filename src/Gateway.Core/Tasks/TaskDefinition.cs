namespace Gateway.Core.Tasks;

/// <summary>What a task was started as. Nothing of it ever changes.</summary>
internal sealed record TaskDefinition
{
    /// <summary>128 random bits, hexadecimal: whoever knows it was told.</summary>
    public required string Id { get; init; }

    /// <summary>The only agent that may use it.</summary>
    public required string Agent { get; init; }

    /// <summary>What it is for, in the words of whoever started it. At most 512 characters, no control characters.</summary>
    public required string Purpose { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Names of the tools it may use; null means every tool that policy permits.</summary>
    public IReadOnlyList<string>? Tools { get; init; }

    /// <summary>The scopes its credentials may have; null means those that policy and credential say.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>On whose behalf; null where nobody was named.</summary>
    public string? User { get; init; }

    /// <summary>The task that this one is a part of; null where it stands alone.</summary>
    public string? Parent { get; init; }

    /// <summary>The transaction (<c>txn</c>) of the Transaction Token that it was started with; null where there was none.</summary>
    public string? Transaction { get; init; }

    /// <summary>
    /// Who delegated to whom: <see cref="Agent"/> first, then whoever it acts for, back to where it began. Only the head
    /// drives authorization (RFC 8693 §4.1); the rest is for the record.
    /// </summary>
    public required IReadOnlyList<string> Chain { get; init; }

    /// <summary>How many tasks are above this one; 0 for one that stands alone.</summary>
    public int Depth { get; init; }
}
