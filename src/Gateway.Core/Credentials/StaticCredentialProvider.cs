namespace Gateway.Core.Credentials;

/// <summary>A secret that someone put somewhere, for upstreams that know no other: read anew for each lease, so that a rotation is seen.</summary>
/// <param name="name">The credential's name, for messages.</param>
/// <param name="secret">Where it is.</param>
/// <param name="secrets">Reads it.</param>
/// <param name="clock">Tells whether <paramref name="notAfter"/> has passed.</param>
/// <param name="notAfter">From when on it is refused; null means never.</param>
/// <param name="owner">Who answers for it; null where nobody is named.</param>
internal sealed class StaticCredentialProvider(
    string name, SecretReference secret, ISecretSource secrets, TimeProvider clock, DateTimeOffset? notAfter = null, string? owner = null)
    : ICredentialProvider
{
    private const string ValueField = "value";

    /// <summary>The fields that a template may use.</summary>
    public static readonly IReadOnlyList<string> FieldNames = [ValueField];

    /// <summary>Who answers for it; null where nobody is named.</summary>
    public string? Owner { get; } = owner;

    /// <summary>From when on it is refused; null means never.</summary>
    public DateTimeOffset? NotAfter { get; } = notAfter;

    public async ValueTask<IssuedCredential> IssueAsync(IssueRequest request, CancellationToken cancellationToken)
    {
        if (NotAfter <= clock.GetUtcNow())
        {
            throw new CredentialIssueException(
                $"credential '{name}': its NotAfter, {NotAfter?.UtcDateTime:yyyy-MM-dd HH:mm'Z'}, has passed; {Owner ?? "its owner"} must replace it, or prolong it in configuration.");
        }

        SecretValue value;
        try
        {
            value = await secrets.ReadAsync(secret, cancellationToken);
        }
        catch (SecretUnavailableException unavailable)
        {
            throw new CredentialIssueException($"credential '{name}': {unavailable.Message}");
        }

        var fields = new Dictionary<string, SecretValue>(StringComparer.Ordinal) { [ValueField] = value };

        // Nobody issued it, so nobody says how long this value is right: only an end that comes before the next reading counts.
        return new IssuedCredential(fields, NotAfter <= clock.GetUtcNow() + (request.Lifetime ?? LeaseTerm.Default) ? NotAfter : null);
    }

    public ValueTask<DateTimeOffset?> RenewAsync(IssueRequest request, SecretValue renewal, CancellationToken cancellationToken) => new((DateTimeOffset?)null);

    /// <summary>Nobody issued it, so nobody can end it but its owner, who replaces it.</summary>
    public ValueTask<RevocationOutcome> RevokeAsync(Revocation revocation, CancellationToken cancellationToken) => new(RevocationOutcome.Unsupported);
}
