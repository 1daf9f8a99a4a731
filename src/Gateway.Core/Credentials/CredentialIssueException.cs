namespace Gateway.Core.Credentials;

/// <summary>A credential could not be obtained, prolonged or revoked. The message is fit for an operator's log: no secret, no body of the issuer.</summary>
internal sealed class CredentialIssueException(string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>When the issuer wants to be asked again; null where it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
