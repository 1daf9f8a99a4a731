using Gateway.Configuration;
using Gateway.Core.Policy;
using Gateway.Routing;

namespace Gateway.Hosting;

/// <summary>What a configuration means for policy: the one place for the running gateway, its checks and its command line.</summary>
internal static class PolicyPlan
{
    public static CedarPolicyEngine CreateEngine(StartupPlan plan)
    {
        var vocabulary = Vocabulary(plan.Options);
        return new CedarPolicyEngine(plan.Policies, vocabulary.Tools, vocabulary.Agents);
    }

    /// <param name="options">Sound at least in their tools and identities.</param>
    public static PolicyVocabulary Vocabulary(GatewayOptions options) => new()
    {
        Tools = [.. options.Tools.Select(Tool)],
        Agents = Agents(options.Identity),
        Claims = VisibleClaims.Of(options.Identity),

        // What the kernel says has one type; configuration that says another is refused.
        ClaimTypes = new Dictionary<string, string>(
            VisibleClaims.OfPeers(options.Identity).UnionBy(options.Identity.ClaimTypes, claim => claim.Key, StringComparer.Ordinal), StringComparer.Ordinal),
    };

    public static IReadOnlyDictionary<string, AgentRegistration> Agents(IdentityOptions identity) =>
        identity.Agents.ToDictionary(a => a.Key, a => new AgentRegistration(a.Value.Groups, a.Value.Labels) { NotAfter = a.Value.NotAfter }, StringComparer.Ordinal);

    private static ToolVocabulary Tool(KeyValuePair<string, ToolOptions> tool) => new(
        tool.Key,
        new Uri(tool.Value.AllDestinations.OrderBy(d => d.Key, StringComparer.Ordinal).First().Value.Address).Host,
        tool.Value.Groups,
        tool.Value.Labels,
        [.. tool.Value.Operations.Select(o => Operation.Parse(o.Key, o.Value)).Select(o => new OperationVocabulary(o.Name, o.Method, o.ParameterNames))])
    {
        OnlyOperations = tool.Value.OnlyOperations,
    };
}
