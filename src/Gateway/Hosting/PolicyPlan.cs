using Gateway.Cedar;
using Gateway.Configuration;
using Gateway.Core.Policy;
using Gateway.Routing;

namespace Gateway.Hosting;

/// <summary>What a configuration means for policy: the one place for the running gateway, its checks and its command line.</summary>
internal static class PolicyPlan
{
    public static CedarPolicyEngine CreateEngine(StartupPlan plan)
    {
        var vocabulary = Vocabulary(plan.Options, plan.Policies.Set);
        return new CedarPolicyEngine(plan.Policies, vocabulary.Tools, vocabulary.Agents);
    }

    /// <param name="options">Sound at least in their tools and identities.</param>
    /// <param name="policies">What is to be decided by or checked: a method that few requests have is an action once a policy names it.</param>
    public static PolicyVocabulary Vocabulary(GatewayOptions options, PolicySet policies)
    {
        var actions = policies.Policies
            .SelectMany(policy => policy.References)
            .Where(reference => reference.Uid.Type == ActionVocabulary.Type)
            .Select(reference => reference.Uid.Id)
            .ToHashSet(StringComparer.Ordinal);
        return new PolicyVocabulary
        {
            Tools = [.. options.Tools.Select(tool => Tool(tool, actions))],
            Agents = Agents(options.Identity),
            Claims = VisibleClaims.Of(options.Identity),

            // What the kernel says has one type; configuration that says another is refused.
            ClaimTypes = new Dictionary<string, string>(
                VisibleClaims.OfPeers(options.Identity).UnionBy(options.Identity.ClaimTypes, claim => claim.Key, StringComparer.Ordinal), StringComparer.Ordinal),
        };
    }

    public static IReadOnlyDictionary<string, AgentRegistration> Agents(IdentityOptions identity) =>
        identity.Agents.ToDictionary(a => a.Key, a => new AgentRegistration(a.Value.Groups, a.Value.Labels) { NotAfter = a.Value.NotAfter }, StringComparer.Ordinal);

    private static ToolVocabulary Tool(KeyValuePair<string, ToolOptions> tool, IEnumerable<string> actions) => new(
        tool.Key,
        new Uri(tool.Value.AllDestinations.OrderBy(d => d.Key, StringComparer.Ordinal).First().Value.Address).Host,
        tool.Value.Groups,
        tool.Value.Labels,
        [.. tool.Value.Operations.Select(o => Operation.Parse(o.Key, o.Value)).Select(o => new OperationVocabulary(o.Name, o.Method, o.ParameterNames))])
    {
        OnlyOperations = tool.Value.OnlyOperations,
        OtherMethods = [.. actions
            .Where(action => action.StartsWith($"{tool.Key}/", StringComparison.Ordinal))
            .Select(action => action[(tool.Key.Length + 1)..])
            .Where(name => IsMeantAsMethod(name) && !tool.Value.Operations.ContainsKey(name))
            .Order(StringComparer.Ordinal)],
    };

    /// <summary>What is nearly a usual method is a misspelt one, and stays a mistake.</summary>
    private static bool IsMeantAsMethod(string name) =>
        ActionVocabulary.IsOtherMethod(name) && NearestName.Find(name, ActionVocabulary.Methods) is null;
}
