namespace Gateway.Core.Credentials;

/// <summary>What a provider is asked to issue.</summary>
/// <param name="Key">For whom.</param>
/// <param name="Lifetime">Upper bound of the life wanted; null means the issuer's own.</param>
/// <param name="Ledger">Remembers, across a kill of the process, what will have to be revoked.</param>
internal sealed record IssueRequest(LeaseKey Key, TimeSpan? Lifetime, IRevocationLedger Ledger)
{
    /// <summary>When the task of <see cref="Key"/> ends at the latest; null where the call has no task.</summary>
    public DateTimeOffset? TaskExpiresAt { get; init; }
}
