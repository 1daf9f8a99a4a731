namespace Gateway.Integrations.Receivers;

/// <summary>A file that the connection to a receiver needs cannot be read. The message is fit for operators.</summary>
internal sealed class ReceiverFileException(string message) : IOException(message);
