using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gateway.Cedar;
using Gateway.Core.Identity;

namespace Gateway.Core.Policy;

/// <summary>Decides by Cedar policies, in the vocabulary of agents, tools and operations. Default is deny.</summary>
internal sealed class CedarPolicyEngine : IPolicyEngine, IPolicyForesight
{
    private readonly PolicySet _policies;
    private readonly Lazy<PolicySet> _foresight;
    private readonly string _version;
    private readonly EntityStore _entities;
    private readonly ActionVocabulary _actions;
    private readonly FrozenDictionary<string, EntityUid> _tools;
    private readonly FrozenDictionary<string, AgentRegistration> _agents;

    // Keyed by the identity object, which is shared by all calls with the same token and goes with it.
    private readonly ConditionalWeakTable<AgentIdentity, Entity> _principals = [];

    public CedarPolicyEngine(PolicyFiles policies, IReadOnlyList<ToolVocabulary> tools, IReadOnlyDictionary<string, AgentRegistration> agents)
    {
        _policies = policies.Set;
        _foresight = new Lazy<PolicySet>(_policies.ForAnyContext);
        _version = policies.Version;
        _actions = new ActionVocabulary(tools);
        _agents = agents.ToFrozenDictionary(StringComparer.Ordinal);
        _entities = EntityStore.Create([.. tools.Select(PolicyEntities.Define), .. _actions.Definitions]);
        _tools = tools.ToFrozenDictionary(t => t.Name, t => new EntityUid("Tool", t.Name), StringComparer.Ordinal);
    }

    public ValueTask<Decision> DecideAsync(AuthorizationRequest request, CancellationToken cancellationToken) => new(Decide(request));

    public bool CouldPermit(AgentIdentity agent, string tool, string operation, string method)
    {
        if (!_tools.TryGetValue(tool, out var resource))
        {
            return false;
        }

        var principal = _principals.GetValue(agent, Resolve);
        var action = Action(tool, operation, method, new EntityOverlay(_entities, principal), out var entities);
        return _foresight.Value.Authorize(new CedarRequest(principal.Uid, action, resource, CedarRecord.Empty), entities).IsAllowed;
    }

    /// <summary>The decision, and how every policy met the request. For people; deciding is much cheaper.</summary>
    public DecisionTrace Trace(AuthorizationRequest request)
    {
        if (!TryAsk(request, out var question, out var entities))
        {
            return new DecisionTrace(Decision.Denied with { PolicyVersion = _version }, [], []);
        }

        var result = _policies.Authorize(question, entities);
        return new DecisionTrace(Describe(result), _policies.Explain(question, entities), result.Errors);
    }

    /// <summary>Puts a request into Cedar's terms.</summary>
    /// <returns>False where the tool is unknown.</returns>
    internal bool TryAsk(AuthorizationRequest request, out CedarRequest question, [NotNullWhen(true)] out IEntitySource? entities)
    {
        question = default;
        entities = null;
        if (!_tools.TryGetValue(request.Tool, out var tool))
        {
            return false;
        }

        var principal = _principals.GetValue(request.Agent, Resolve);
        var action = Action(request.Tool, request.Operation, request.Method, new EntityOverlay(_entities, principal), out entities);
        question = new CedarRequest(principal.Uid, action, tool, new CallContext(request));
        return true;
    }

    private Decision Decide(AuthorizationRequest request) => TryAsk(request, out var question, out var entities)
        ? Describe(_policies.Authorize(question, entities))
        : Decision.Denied with { PolicyVersion = _version };

    /// <param name="tool">The tool's name.</param>
    /// <param name="operation">What follows "&lt;tool&gt;/" in the action's id.</param>
    /// <param name="method">What an action that nobody foresaw is judged by.</param>
    /// <param name="known">The entities without it.</param>
    /// <param name="entities">The entities with it.</param>
    private EntityUid Action(string tool, string operation, string method, IEntitySource known, out IEntitySource entities)
    {
        entities = known;
        if (_actions.Find(tool, operation) is { } action)
        {
            return action;
        }

        var unforeseen = _entities.Resolve(ActionVocabulary.Define(tool, operation, method));
        entities = new EntityOverlay(known, unforeseen);
        return unforeseen.Uid;
    }

    private Decision Describe(AuthorizationResult result)
    {
        var decision = new Decision
        {
            Outcome = result.IsAllowed ? DecisionOutcome.Allow : DecisionOutcome.Deny,
            Policies = Ids(result.Reasons),
            Errors = result.Errors.Count == 0 ? [] : [.. result.Errors.Select(e => $"{e.Policy.Id}: {e.Message}")],
            PolicyVersion = _version,
        };
        return PolicyObligations.HasAny(result.Reasons) ? PolicyObligations.Apply(decision, result.Reasons) : decision;
    }

    private static string[] Ids(IReadOnlyList<Cedar.Policy> policies)
    {
        if (policies.Count == 0)
        {
            return [];
        }

        var ids = new string[policies.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = policies[i].Id;
        }

        return ids;
    }

    private Entity Resolve(AgentIdentity agent) => _entities.Resolve(Define(agent));

    internal EntityDefinition Define(AgentIdentity agent) => PolicyEntities.Define(
        agent.Id,
        _agents.GetValueOrDefault(agent.Id),
        new("issuer", CedarValue.From(agent.Issuer)),
        new("method", CedarValue.From(agent.Method)),
        new("proofOfPossession", CedarValue.From(agent.ProofOfPossession)),
        new("claims", CedarValue.From(ClaimValues.ToRecord(agent.Claims))));
}
