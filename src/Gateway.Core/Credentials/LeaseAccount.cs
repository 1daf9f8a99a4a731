namespace Gateway.Core.Credentials;

/// <summary>What is known of one lease of a task, while it lives and afterwards.</summary>
internal sealed record LeaseAccount
{
    public required string Id { get; init; }

    public required LeaseKey Key { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When the gateway stops using it.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the gateway stopped using it; null while it lives.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How often it was put on a request.</summary>
    public long Uses { get; init; }

    /// <summary>False where the gateway was killed while the lease lived: <see cref="Uses"/> is then what was known shortly before.</summary>
    public bool UsesAreExact { get; init; }

    public LeaseRevocation Revocation { get; init; }

    /// <summary>Until when the credential may work at its upstream; null once it is confirmed gone, and where nobody knows.</summary>
    public DateTimeOffset? ResidualExpiry { get; init; }

    /// <summary>The debt that ends it; null where none does.</summary>
    public string? Debt { get; init; }
}
