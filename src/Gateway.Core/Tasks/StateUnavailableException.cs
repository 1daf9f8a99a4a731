namespace Gateway.Core.Tasks;

/// <summary>What has to be remembered cannot be: the disk is full, the file is locked or damaged.</summary>
/// <param name="message">For operators: what failed and what to do; no secret.</param>
/// <param name="inner">The store's own exception.</param>
internal sealed class StateUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
