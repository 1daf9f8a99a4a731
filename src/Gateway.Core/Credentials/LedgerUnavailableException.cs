namespace Gateway.Core.Credentials;

/// <summary>What is owed cannot be remembered: the disk is full, the file is locked or damaged. The message is fit for an operator's log.</summary>
internal sealed class LedgerUnavailableException(string message, Exception? innerException = null)
    : Exception(message, innerException);
