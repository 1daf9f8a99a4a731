namespace Gateway.Integrations.Sqlite;

/// <summary>The state file cannot be read or written. The message names it and says what to do.</summary>
internal sealed class StateDatabaseException(string message, Exception? innerException = null)
    : IOException(message, innerException);
