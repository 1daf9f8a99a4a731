using System.Security.Cryptography;

namespace Gateway.Core.Credentials;

/// <summary>Turns what a provider issues into a lease.</summary>
internal sealed class LeaseIssuer(TimeProvider clock, Func<LeaseKey, IRevocationLedger> ledgers)
{
    /// <exception cref="CredentialIssueException">The issuer gave nothing that can be used.</exception>
    public async Task<(Lease Lease, DateTimeOffset RefreshAt)> IssueAsync(LeaseSlotKey key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var definition = key.Definition;
        var limit = definition.Lifetime is { } own && (key.MaxLifetime is null || own < key.MaxLifetime) ? own : key.MaxLifetime;
        if (limit <= TimeSpan.Zero)
        {
            throw new CredentialIssueException($"credential '{definition.Name}': the lifetime allowed is not positive.");
        }

        var issuedAt = clock.GetUtcNow();
        // A provider that overlooks its token must not hold the waiting calls beyond the time-out.
        var issued = await definition.Provider.IssueAsync(new IssueRequest(key.Key, limit, ledgers(key.Key)), cancellationToken)
            .AsTask().WaitAsync(cancellationToken);
        var term = LeaseTerm.Of(issuedAt, issued.ExpiresAt, limit);
        if (term.ExpiresAt <= clock.GetUtcNow())
        {
            throw new CredentialIssueException($"credential '{definition.Name}': the issuer gave a credential that had already expired; compare the clocks.");
        }

        var injection = definition.Renderer.Render(definition.Name, issued.Fields);
        var reference = new LeaseReference(
            RandomNumberGenerator.GetHexString(32, lowercase: true),
            definition.Name,
            key.Key.Scope,
            LeaseFingerprint.Of(issued.Fields),
            term.IssuedAt,
            term.ExpiresAt);
        return (new Lease(key.Key, reference, injection), term.RefreshAt());
    }
}
