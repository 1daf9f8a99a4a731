namespace Gateway.Core.Credentials;

/// <summary>A configured credential, ready to issue leases.</summary>
/// <remarks>Compared by reference: after a reload that changed it, leases of the old definition are not used any more.</remarks>
internal sealed class CredentialDefinition
{
    public required string Name { get; init; }

    public required ICredentialProvider Provider { get; init; }

    public required IReadOnlyList<InjectionTemplate> Inject { get; init; }

    /// <summary>Upper bound of a lease's life; null means the issuer's own.</summary>
    public TimeSpan? Lifetime { get; init; }
}
