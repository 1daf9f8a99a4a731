using System.Security.Cryptography;
using Gateway.Core.Credentials;

namespace Gateway.Benchmarks.Tasks;

/// <summary>An issuer that answers at once and whose tokens can be revoked.</summary>
internal sealed class TokenProvider : ICredentialProvider
{
    public async ValueTask<IssuedCredential> IssueAsync(IssueRequest request, CancellationToken cancellationToken)
    {
        var token = new SecretValue(RandomNumberGenerator.GetHexString(32));
        var expiresAt = TimeProvider.System.GetUtcNow().AddHours(1);
        return new IssuedCredential(new Dictionary<string, SecretValue> { ["token"] = token }, expiresAt)
        {
            Debt = await request.Ledger.OweAsync(new Revocation("access-token", token, expiresAt), coveredBy: null, cancellationToken),
        };
    }

    public ValueTask<DateTimeOffset?> RenewAsync(IssueRequest request, SecretValue renewal, CancellationToken cancellationToken) => new((DateTimeOffset?)null);

    public bool HasIssued(Revocation revocation) => true;

    public ValueTask<RevocationOutcome> RevokeAsync(Revocation revocation, CancellationToken cancellationToken) => new(RevocationOutcome.Confirmed);
}
