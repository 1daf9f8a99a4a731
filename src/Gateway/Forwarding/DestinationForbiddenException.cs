namespace Gateway.Forwarding;

/// <summary>A destination's name resolves to no address that its tool may be reached at.</summary>
internal sealed class DestinationForbiddenException(string message) : IOException(message);
