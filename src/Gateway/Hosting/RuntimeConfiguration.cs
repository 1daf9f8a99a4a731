using Gateway.Configuration;
using Gateway.Core.Identity;
using Gateway.Core.Policy;
using Gateway.Forwarding;
using Gateway.Integrations.Oidc;
using Gateway.Integrations.Vault;
using Gateway.Routing;
using Yarp.ReverseProxy.Model;

namespace Gateway.Hosting;

/// <summary>Puts a configuration that was found sound into force, all of it at once.</summary>
internal sealed class RuntimeConfiguration(
    IssuerCatalog issuers,
    VaultCatalog vault,
    CredentialCatalog credentials,
    ToolProxyConfigProvider proxy,
    SnapshotSource snapshots)
{
    private IReadOnlyList<EndpointDataSource> _endpoints = [];

    /// <summary>Before YARP starts: what it is to find.</summary>
    public void Prepare(StartupPlan plan) => proxy.Initialize(ToolRoutes.Create(plan.Options.Tools));

    /// <summary>After YARP has started with <see cref="Prepare"/>'s routes: calls can be accepted.</summary>
    /// <param name="plan">The same as in <see cref="Prepare"/>.</param>
    /// <param name="endpoints">Where YARP's endpoints are found, now and after each <see cref="ReplaceAsync"/>.</param>
    public void Start(StartupPlan plan, IEnumerable<EndpointDataSource> endpoints)
    {
        _endpoints = [.. endpoints];
        Enforce(plan);
    }

    /// <summary>Replaces the configuration in force. Calls under way keep the one that they began with.</summary>
    /// <exception cref="InvalidOperationException">YARP refused the routes; everything stays as it was.</exception>
    public async Task ReplaceAsync(StartupPlan plan, CancellationToken cancellationToken)
    {
        await proxy.UpdateAsync(ToolRoutes.Create(plan.Options.Tools), cancellationToken);
        Enforce(plan);
    }

    private void Enforce(StartupPlan plan)
    {
        var options = plan.Options;

        // Ahead of the credentials that it issues.
        vault.Apply(options.Vault);
        var snapshot = new GatewaySnapshot
        {
            Issuers = issuers.Apply(options.Identity.Issuers.Select(Definition)),
            Tools = Tools(options.Tools),
            Policy = new CedarPolicyEngine(plan.Policies, [.. options.Tools.Select(Vocabulary)], Agents(options.Identity)),
            EnforcesPolicy = options.Policy.Mode == PolicyMode.Enforce,
            Credentials = credentials.Apply(options.Credentials),
        };
        snapshots.Set(snapshot);
    }

    private ToolTable Tools(IReadOnlyDictionary<string, ToolOptions> tools)
    {
        var byRoute = _endpoints.SelectMany(source => source.Endpoints)
            .Where(e => e.Metadata.GetMetadata<RouteModel>() is not null)
            .ToDictionary(e => e.Metadata.GetRequiredMetadata<RouteModel>().Config.RouteId, StringComparer.Ordinal);
        return new ToolTable(tools.Select(t => Create(t.Key, t.Value, byRoute[ToolRoutes.IdOf(t.Key, t.Value)])));
    }

    private static Tool Create(string name, ToolOptions options, Endpoint proxy) => new()
    {
        Name = name,
        Path = options.Path,
        Credential = options.Credential,
        Operations = new OperationMatcher(options.Operations.Select(o => Operation.Parse(o.Key, o.Value))),
        OnlyOperations = options.OnlyOperations,
        Labels = [.. options.Labels.Select(l => $"{l.Key}:{l.Value}").Order(StringComparer.Ordinal)],
        Proxy = proxy,
    };

    private static ToolVocabulary Vocabulary(KeyValuePair<string, ToolOptions> tool) => new(
        tool.Key,
        new Uri(tool.Value.AllDestinations.OrderBy(d => d.Key, StringComparer.Ordinal).First().Value.Address).Host,
        tool.Value.Groups,
        tool.Value.Labels,
        [.. tool.Value.Operations.Select(o => KeyValuePair.Create(o.Key, Operation.Parse(o.Key, o.Value).Method))]);

    private static Dictionary<string, AgentRegistration> Agents(IdentityOptions identity) =>
        identity.Agents.ToDictionary(a => a.Key, a => new AgentRegistration(a.Value.Groups, a.Value.Labels), StringComparer.Ordinal);

    private static IssuerDefinition Definition(KeyValuePair<string, IssuerOptions> issuer) => new()
    {
        Name = issuer.Key,
        Issuer = issuer.Value.Issuer,
        Audiences = issuer.Value.Audiences,
        Algorithms = issuer.Value.Algorithms,
        TokenTypes = issuer.Value.TokenTypes ?? IssuerDefinition.DefaultTokenTypes,
        ClockSkew = issuer.Value.ClockSkew,
        MaxLifetime = issuer.Value.MaxLifetime,
        MaxKeyAge = issuer.Value.MaxKeyAge,
        RefreshInterval = issuer.Value.RefreshInterval,
        Claims = issuer.Value.Claims,
        JwksUri = issuer.Value.JwksUri is { } uri ? new Uri(uri) : null,
        JwksFile = issuer.Value.JwksFile,
    };
}
