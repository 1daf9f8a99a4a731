namespace Gateway.Core.Credentials;

/// <summary>Where nothing can be remembered: whatever would have to be revoked is not issued.</summary>
internal sealed class NoLedger : IRevocationLedger
{
    public static readonly NoLedger Instance = new();

    public ValueTask<string> OweAsync(Revocation revocation, string? coveredBy, CancellationToken cancellationToken) =>
        throw new CredentialIssueException("Revocations cannot be remembered here, so nothing that needs one is issued.");
}
