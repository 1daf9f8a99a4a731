namespace Gateway.Routing;

/// <summary>Which operation a request is.</summary>
/// <param name="Operation">Null where no template matches.</param>
/// <param name="Parameters">The template's parameters, decoded, in its order.</param>
/// <param name="Ambiguity">Set where a server less strict than the gateway would take the path for another operation; may be shown to the agent.</param>
internal readonly record struct OperationMatch(
    Operation? Operation,
    IReadOnlyList<KeyValuePair<string, string>> Parameters,
    string? Ambiguity = null);
