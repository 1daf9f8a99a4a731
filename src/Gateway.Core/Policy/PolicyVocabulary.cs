using System.Collections.ObjectModel;

namespace Gateway.Core.Policy;

/// <summary>Everything that a configuration lets policies speak of.</summary>
internal sealed record PolicyVocabulary
{
    public IReadOnlyList<ToolVocabulary> Tools { get; init; } = [];

    /// <summary>The agents that configuration knows; there may be any number of others.</summary>
    public IReadOnlyDictionary<string, AgentRegistration> Agents { get; init; } = ReadOnlyDictionary<string, AgentRegistration>.Empty;

    /// <summary>Names of the claims that any issuer lets policy see.</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];

    /// <summary>Cedar types of claims, by name, as far as configuration says them.</summary>
    public IReadOnlyDictionary<string, string> ClaimTypes { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
