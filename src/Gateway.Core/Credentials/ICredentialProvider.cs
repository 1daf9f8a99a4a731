namespace Gateway.Core.Credentials;

/// <summary>One way to obtain a credential; one instance per configured credential.</summary>
internal interface ICredentialProvider
{
    /// <exception cref="CredentialIssueException">The issuer refused, is out of reach, or answered what cannot be used. The message never holds a secret or the issuer's words.</exception>
    ValueTask<IssuedCredential> IssueAsync(IssueRequest request, CancellationToken cancellationToken);
}
