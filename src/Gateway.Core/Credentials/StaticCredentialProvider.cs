namespace Gateway.Core.Credentials;

/// <summary>A secret that someone put somewhere, for upstreams that know no other: read anew for each lease, so that a rotation is seen.</summary>
/// <param name="name">The credential's name, for messages.</param>
/// <param name="secret">Where it is.</param>
/// <param name="secrets">Reads it.</param>
internal sealed class StaticCredentialProvider(string name, SecretReference secret, ISecretSource secrets) : ICredentialProvider
{
    private const string ValueField = "value";

    /// <summary>The fields that a template may use.</summary>
    public static readonly IReadOnlyList<string> FieldNames = [ValueField];

    public async ValueTask<IssuedCredential> IssueAsync(IssueRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var value = await secrets.ReadAsync(secret, cancellationToken);
            var fields = new Dictionary<string, SecretValue>(StringComparer.Ordinal) { [ValueField] = value };

            // Nobody issued it, so nobody says how long this value is right; the store reads it again after a while.
            return new IssuedCredential(fields, ExpiresAt: null);
        }
        catch (SecretUnavailableException unavailable)
        {
            throw new CredentialIssueException($"credential '{name}': {unavailable.Message}");
        }
    }

    public ValueTask<DateTimeOffset?> RenewAsync(IssueRequest request, SecretValue renewal, CancellationToken cancellationToken) => new((DateTimeOffset?)null);

    public bool HasIssued(Revocation revocation) => false;

    /// <summary>Nobody issued it, so nobody can end it but its owner, who replaces it.</summary>
    public ValueTask<RevocationOutcome> RevokeAsync(Revocation revocation, CancellationToken cancellationToken) => new(RevocationOutcome.Unsupported);
}
