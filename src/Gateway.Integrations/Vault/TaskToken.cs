using Gateway.Core.Credentials;

namespace Gateway.Integrations.Vault;

/// <summary>The token that everything of one agent's task is issued with, so that revoking it ends all of it.</summary>
/// <param name="value">The token.</param>
/// <param name="accessor">What revokes it.</param>
/// <param name="debt">The ledger's id of its revocation.</param>
/// <param name="parent">The gateway's token that made it, and takes it along when it ends.</param>
/// <param name="expiresAt">When it ends by itself.</param>
internal sealed class TaskToken(SecretValue value, string accessor, string debt, VaultToken parent, DateTimeOffset expiresAt)
{
    private volatile bool _isRevoked;

    public SecretValue Value { get; } = value;

    public string Accessor { get; } = accessor;

    public string Debt { get; } = debt;

    /// <summary>When Vault ends it, and what was issued with it.</summary>
    public DateTimeOffset EndsAt => parent.EndsAt is { } end && end < expiresAt ? end : expiresAt;

    /// <summary>Whether it is the successor of one that Vault did not accept; since when.</summary>
    public DateTimeOffset? ReplacedAt { get; init; }

    /// <summary>Whether the gateway itself has revoked it, or is about to: its task is over.</summary>
    public bool IsRevoked => _isRevoked;

    public void MarkRevoked() => _isRevoked = true;

    public override string ToString() => "task token [redacted]";
}
