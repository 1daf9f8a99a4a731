namespace Gateway.Core.Credentials;

/// <summary>A lease that lives, or whose revocation is owed.</summary>
/// <param name="Lease">Its id.</param>
/// <param name="Key">Whom it is for.</param>
/// <param name="State">Whether it lives, is owed, or is stuck.</param>
internal sealed record LeaseListing(string Lease, LeaseKey Key, LeaseState State)
{
    /// <summary>Null for what a process before this one issued.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>When the gateway stops using a live one; when an owed one dies by itself, null where nobody knows.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Null where nobody knows, after a kill.</summary>
    public long? Uses { get; init; }

    /// <summary>What is owed, in the provider's words; null for a live lease.</summary>
    public string? Kind { get; init; }

    /// <summary>How often its revocation was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is tried again; null where an attempt is under way or another debt covers it.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Why the last attempt failed; no secret, no issuer's words.</summary>
    public string? Problem { get; init; }

    public static LeaseListing Of(Lease lease) => new(lease.Id, lease.Key, LeaseState.Live)
    {
        IssuedAt = lease.Reference.IssuedAt,
        ExpiresAt = lease.Reference.ExpiresAt,
        Uses = lease.Uses,
    };

    public static LeaseListing Of(Debt debt) => new(debt.Name, debt.Owed.Key, debt.IsStuck ? LeaseState.Stuck : LeaseState.Owed)
    {
        ExpiresAt = debt.ExpiresAt,
        Uses = debt.Uses,
        Kind = debt.Owed.Revocation.Kind,
        Attempts = debt.Attempts,
        NextAttemptAt = debt.NextAttemptAt,
        Problem = debt.Problem,
    };
}
