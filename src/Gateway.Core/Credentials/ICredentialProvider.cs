namespace Gateway.Core.Credentials;

/// <summary>One way to obtain a credential, to prolong it and to end it; one instance per configured credential.</summary>
internal interface ICredentialProvider
{
    /// <summary>Obtains a credential. Whatever will have to be revoked is in the request's ledger before this returns.</summary>
    /// <exception cref="CredentialIssueException">The issuer refused, is out of reach, or answered what cannot be used. The message never holds a secret or the issuer's words.</exception>
    ValueTask<IssuedCredential> IssueAsync(IssueRequest request, CancellationToken cancellationToken);

    /// <summary>Prolongs a credential whose <see cref="IssuedCredential.Renewal"/> says that it can be.</summary>
    /// <param name="request">As for the issuance; the lifetime counts from now.</param>
    /// <param name="renewal">The credential's <see cref="IssuedCredential.Renewal"/>.</param>
    /// <param name="cancellationToken">The time-out.</param>
    /// <returns>Its new end; null where the issuer will not prolong it, so that another one must be issued.</returns>
    /// <exception cref="CredentialIssueException">As for <see cref="IssueAsync"/>; the credential is as good as before.</exception>
    ValueTask<DateTimeOffset?> RenewAsync(IssueRequest request, SecretValue renewal, CancellationToken cancellationToken);

    /// <summary>Whether it is this provider's issuer that something is to be ended at: any other would not know it, which reads as "gone".</summary>
    bool HasIssued(Revocation revocation);

    /// <summary>Ends at the issuer what <see cref="IssueAsync"/> wrote into the ledger. What is gone already counts as confirmed.</summary>
    /// <exception cref="CredentialIssueException">It is not known whether it ended; asking again is harmless.</exception>
    ValueTask<RevocationOutcome> RevokeAsync(Revocation revocation, CancellationToken cancellationToken);
}
