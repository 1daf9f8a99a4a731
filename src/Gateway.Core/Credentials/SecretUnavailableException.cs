namespace Gateway.Core.Credentials;

/// <summary>A secret could not be read. The message names the reference and what to do, never a value.</summary>
internal sealed class SecretUnavailableException(string message, Exception? innerException = null)
    : Exception(message, innerException);
