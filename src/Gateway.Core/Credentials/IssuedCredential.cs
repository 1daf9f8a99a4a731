namespace Gateway.Core.Credentials;

/// <summary>What an issuer gave.</summary>
/// <param name="Fields">Values by the names that <c>Inject</c> templates use: "token", "value", "username" …</param>
/// <param name="ExpiresAt">When the issuer stops honouring it; null where it did not say.</param>
internal sealed record IssuedCredential(IReadOnlyDictionary<string, SecretValue> Fields, DateTimeOffset? ExpiresAt)
{
    /// <summary>The ledger's id of what ends this credential at its issuer; null where nothing does before <see cref="ExpiresAt"/>.</summary>
    public string? Debt { get; init; }

    /// <summary>What <see cref="ICredentialProvider.RenewAsync"/> needs; null where it cannot be prolonged.</summary>
    public SecretValue? Renewal { get; init; }
}
