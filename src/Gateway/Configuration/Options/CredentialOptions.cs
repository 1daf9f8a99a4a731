namespace Gateway.Configuration;

/// <summary>How to obtain something that authenticates to a tool. The key "Type" selects the derived record.</summary>
[Variant("Static", typeof(StaticCredentialOptions))]
[Variant("OAuth2ClientCredentials", typeof(OAuth2ClientCredentialsOptions))]
[Variant("Vault", typeof(VaultCredentialOptions))]
internal abstract record CredentialOptions
{
    /// <param name="inject">The default of <see cref="Inject"/>.</param>
    protected CredentialOptions(InjectOptions inject)
    {
        Inject = [inject];
    }

    /// <summary>What is set on the outgoing request; at least one. Default: an <c>Authorization: Bearer</c> header with the credential.</summary>
    [Expects("headers such as [ { \"Header\": \"X-Api-Key\", \"Value\": \"{value}\" } ]")]
    public IReadOnlyList<InjectOptions> Inject { get; init; }

    /// <summary>Upper bound of a lease's life. 10 seconds to 1 day. Null: as long as the issuer says.</summary>
    [Between("00:00:10", "1.00:00:00")]
    public TimeSpan? Lifetime { get; init; }
}
