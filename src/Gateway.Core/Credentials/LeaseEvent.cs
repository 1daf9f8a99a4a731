namespace Gateway.Core.Credentials;

/// <summary>Something that happened to a lease, for the log.</summary>
/// <param name="Kind">What.</param>
/// <param name="Lease">The lease's id.</param>
/// <param name="Key">Whom it is for.</param>
/// <param name="At">When.</param>
internal sealed record LeaseEvent(LeaseEventKind Kind, string Lease, LeaseKey Key, DateTimeOffset At)
{
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>When the gateway stops using it.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public string? Fingerprint { get; init; }

    /// <summary>Whether its issuer can end it.</summary>
    public bool Revocable { get; init; }

    /// <summary>How often it was used; null where nobody knows, after a kill.</summary>
    public long? Uses { get; init; }

    /// <summary>The operator who had it revoked; null where it ended by itself or with its task, and after a kill.</summary>
    public string? By { get; init; }

    /// <summary>For <see cref="LeaseEventKind.Revoked"/>.</summary>
    public LeaseRevocation Revocation { get; init; }

    /// <summary>Until when it may work at its upstream.</summary>
    public DateTimeOffset? ResidualExpiry { get; init; }

    /// <summary>For operators: why it could not be revoked; no secret, no issuer's words.</summary>
    public string? Detail { get; init; }
}
