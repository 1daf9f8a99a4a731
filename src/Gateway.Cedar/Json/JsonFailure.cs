namespace Gateway.Cedar.Json;

/// <summary>Carries a mistake in a JSON document out of the depth of its reader; caught where the reading began.</summary>
internal sealed class JsonFailure(string message) : Exception(message);
