namespace Gateway.Core.Audit.Index;

/// <summary>The index cannot be used now. The message names it and says what to do.</summary>
internal sealed class CallIndexException(string message, Exception? innerException = null)
    : IOException(message, innerException);
