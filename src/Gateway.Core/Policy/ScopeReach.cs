using Gateway.Cedar;

namespace Gateway.Core.Policy;

/// <summary>Knows which of the configured tools and agents a policy's scope admits.</summary>
/// <remarks>The schema knows one type of tools and one of agents; a policy about some of them may rely on what all of these have.</remarks>
internal sealed class ScopeReach
{
    // No token has it as its subject: it stands for all agents that configuration says nothing of.
    private static readonly EntityUid Stranger = new("Agent", "\0");

    private readonly PolicyVocabulary _vocabulary;
    private readonly EntityStore _entities;
    private readonly ILookup<string, EntityUid> _actions;

    public ScopeReach(PolicyVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        var actions = new ActionVocabulary(vocabulary.Tools);
        _actions = actions.Callable.Where(action => action.CanOccur).ToLookup(action => action.Tool, action => action.Definition.Uid, StringComparer.Ordinal);
        _entities = EntityStore.Create(
        [
            .. vocabulary.Tools.Select(PolicyEntities.Define),
            .. vocabulary.Agents.Select(agent => PolicyEntities.Define(agent.Key, agent.Value)),
            .. actions.Definitions,
        ]);
    }

    /// <summary>Whether everything that the policy's scope admits has an attribute that the schema calls optional.</summary>
    public bool IsCertain(Cedar.Policy policy, string? owner, string? attribute) => (owner, attribute) switch
    {
        ("resource.labels", { } label) => ToolsOf(policy).All(tool => tool.Labels.ContainsKey(label)),
        ("principal.labels", { } label) => AgentsOf(policy).All(agent => agent?.Labels.ContainsKey(label) == true),
        ("principal", "environment") => AgentsOf(policy).All(agent => agent?.Labels.ContainsKey("environment") == true),
        _ => false,
    };

    private IEnumerable<ToolVocabulary> ToolsOf(Cedar.Policy policy) => _vocabulary.Tools.Where(tool =>
    {
        var uid = new EntityUid("Tool", tool.Name);
        return _actions[tool.Name].Any(action => policy.MatchScope(new CedarRequest(Stranger, action, uid, CedarRecord.Empty), _entities) is { Action: true, Resource: true });
    });

    /// <returns>Null for an agent that configuration does not know.</returns>
    private IEnumerable<AgentRegistration?> AgentsOf(Cedar.Policy policy) => policy.References
        .Select(reference => reference.Uid)
        .Where(uid => uid.Type == "Agent")
        .Concat(_vocabulary.Agents.Keys.Select(id => new EntityUid("Agent", id)))
        .Append(Stranger)
        .Where(uid => policy.MatchScope(new CedarRequest(uid, Stranger, Stranger, CedarRecord.Empty), _entities).Principal)
        .Select(uid => _vocabulary.Agents.GetValueOrDefault(uid.Id));
}
