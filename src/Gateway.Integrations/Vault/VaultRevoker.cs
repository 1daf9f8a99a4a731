using System.Text.Json.Nodes;
using Gateway.Core.Credentials;

namespace Gateway.Integrations.Vault;

/// <summary>Ends tokens of tasks and single leases at Vault.</summary>
/// <remarks>
/// A revoked token is dead at once, but Vault ends its leases behind the answer, and says of them that they are there until it
/// has. So the ledger has every lease that hangs on a token revoked after it, by itself and in step (<c>sync</c>), which finds
/// most of them gone: "confirmed" means that Vault has said so of each.
/// </remarks>
internal sealed class VaultRevoker(VaultSession session, TaskTokens tasks)
{
    /// <summary>Kind of a revocation: the accessor of a task's token.</summary>
    public const string TokenAccessor = "token-accessor";

    /// <summary>Kind of a revocation: the id of a lease.</summary>
    public const string Lease = "lease";

    /// <exception cref="VaultException">It is not known whether it ended.</exception>
    public Task<RevocationOutcome> RevokeAsync(Revocation revocation, CancellationToken cancellationToken) => revocation.Kind switch
    {
        TokenAccessor => RevokeTokenAsync(revocation.Handle.Reveal(), cancellationToken),
        Lease => RevokeLeaseAsync(revocation.Handle.Reveal(), cancellationToken),
        _ => Task.FromResult(RevocationOutcome.Unsupported),
    };

    private async Task<RevocationOutcome> RevokeTokenAsync(string accessor, CancellationToken cancellationToken)
    {
        // Ahead of the request: an issuance under way that finds the token revoked must not make another one.
        tasks.Find(accessor)?.MarkRevoked();
        var request = VaultRequest.Post("auth/token/revoke-accessor", VaultEffect.Repeatable, new JsonObject { ["accessor"] = accessor });
        var outcome = Judge(request, await session.SendAsync(request, cancellationToken), gone: "invalid accessor");
        if (outcome == RevocationOutcome.Confirmed)
        {
            tasks.Forget(accessor);
        }

        return outcome;
    }

    private async Task<RevocationOutcome> RevokeLeaseAsync(string lease, CancellationToken cancellationToken)
    {
        var request = VaultRequest.Post("sys/leases/revoke", VaultEffect.Repeatable, new JsonObject { ["lease_id"] = lease, ["sync"] = true });
        return Judge(request, await session.SendAsync(request, cancellationToken), gone: "lease not found");
    }

    private static RevocationOutcome Judge(VaultRequest request, VaultAnswer answer, string gone) => answer.Status switch
    {
        // Queued: Vault tries later, and nobody tells us when it has.
        202 => RevocationOutcome.Owed,
        >= 200 and < 300 => RevocationOutcome.Confirmed,

        // Its versions have given every one of these for what they do not know.
        400 or 403 or 404 when answer.Says(gone) => RevocationOutcome.Confirmed,
        403 => RevocationOutcome.Refused,
        _ => throw answer.Refuse(request),
    };
}
