using System.Collections.Frozen;
using Gateway.Core.Identity;
using Gateway.Core.Policy;

namespace Gateway.Identity;

/// <summary>The agents that configuration knows; immutable, swapped whole on reload.</summary>
internal sealed class AgentRegistry(IReadOnlyDictionary<string, AgentRegistration> agents, bool registeredOnly)
{
    private readonly FrozenDictionary<string, AgentRegistration> _agents = agents.ToFrozenDictionary(StringComparer.Ordinal);

    public IEnumerable<string> Ids => _agents.Keys;

    public AgentRegistration? Find(string id) => _agents.GetValueOrDefault(id);

    /// <summary>Whether an agent that was identified may be one at all.</summary>
    /// <returns>The check that failed; null where none did.</returns>
    public IdentityFailure? Check(string id, DateTimeOffset now) =>
        Find(id) is not { } agent ? registeredOnly ? IdentityFailure.AgentUnregistered : null
        : now > agent.NotAfter ? IdentityFailure.AgentExpired
        : null;
}
