namespace Gateway.Core.Audit;

/// <summary>Who holds the audit key does not sign now. The message is fit for an operator's log: no token, and no word of the system that was asked.</summary>
internal sealed class AuditSigningException(string message, Exception? innerException = null) : Exception(message, innerException);
