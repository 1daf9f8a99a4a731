namespace Gateway.Core.Credentials;

/// <summary>A credential could not be obtained. The message is fit for an operator's log: no secret, no body of the issuer.</summary>
internal sealed class CredentialIssueException(string message, Exception? innerException = null)
    : Exception(message, innerException);
