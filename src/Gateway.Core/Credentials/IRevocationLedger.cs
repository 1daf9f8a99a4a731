namespace Gateway.Core.Credentials;

/// <summary>Remembers what has to be revoked for one agent, task and credential, until it is revoked or has expired.</summary>
internal interface IRevocationLedger
{
    /// <summary>Notes a revocation as owed. It is on disk when this returns, so that what it ends may be used from then on.</summary>
    /// <param name="revocation">What to hand to <see cref="ICredentialProvider.RevokeAsync"/> of the same credential.</param>
    /// <param name="coveredBy">The id of what ends this one too (a token that a lease hangs on); null where nothing does.</param>
    /// <param name="cancellationToken">The time-out of the issuance.</param>
    /// <returns>The id under which it is owed.</returns>
    /// <exception cref="CredentialIssueException">It cannot be remembered, so nothing may be issued.</exception>
    ValueTask<string> OweAsync(Revocation revocation, string? coveredBy, CancellationToken cancellationToken);
}
