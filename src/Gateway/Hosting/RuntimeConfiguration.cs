using Gateway.Configuration;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Dpop;
using Gateway.Core.Identity.Kinds;
using Gateway.Core.Identity.Spiffe;
using Gateway.Core.Tasks;
using Gateway.Forwarding;
using Gateway.Identity;
using Gateway.Integrations.Oidc;
using Gateway.Integrations.Spiffe;
using Gateway.Integrations.Vault;
using Gateway.Routing;
using Yarp.ReverseProxy.Model;

namespace Gateway.Hosting;

/// <summary>Puts a configuration that was found sound into force, all of it at once.</summary>
internal sealed class RuntimeConfiguration(
    IssuerCatalog issuers,
    [FromKeyedServices(AdminOptions.Section)] IssuerCatalog adminIssuers,
    [FromKeyedServices(TransactionTokens.Header)] IssuerCatalog transactionIssuers,
    TrustDomainCatalog trustDomains,
    VaultCatalog vault,
    CredentialCatalog credentials,
    PolicyEngineCatalog engines,
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
        var domains = trustDomains.Apply(options.Identity.TrustDomains.Select(TrustDomainOf));

        // Ahead of the credentials that it issues.
        vault.Apply(options.Vault);
        var snapshot = new GatewaySnapshot
        {
            Issuers = issuers.Apply(options.Identity.Issuers.Select(Definition)).With(domains.All.Select(domain => domain.TokenIssuer)),
            Plan = plan,
            AdminIssuers = adminIssuers.Apply(options.Admin.Issuers.Select(issuer => AdminDefinition(issuer, options.Admin.RoleClaim))),
            TransactionIssuers = transactionIssuers.Apply(options.Tasks.TransactionTokens.Issuers.Select(TransactionDefinition)),
            TrustDomains = domains,
            Agents = new AgentRegistry(PolicyPlan.Agents(options.Identity), options.Identity.RegisteredOnly),
            Dpop = Rules(options.Identity.Dpop),
            Peers = UnixPeerRules.Create(options.Identity.UnixPeers),
            Tools = Tools(options.Tools),
            Policy = engines.Apply(plan),
            EnforcesPolicy = options.Policy.Mode == PolicyMode.Enforce,
            TaskLimits = new TaskLimits
            {
                DefaultLifetime = options.Tasks.DefaultLifetime,
                MaxLifetime = options.Tasks.MaxLifetime,
                MaxDelegationDepth = options.Tasks.MaxDelegationDepth,
                MaxPerHour = options.Tasks.MaxPerHour,
            },
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
        RequiresTask = options.Tasks.Required,
        PropagatesTrace = options.PropagateTrace,
        Labels = [.. options.Labels.Select(l => $"{l.Key}:{l.Value}").Order(StringComparer.Ordinal)],
        IsCanary = options.Canary,
        Logged = LoggedFields.Create(options.LoggedQuery, options.LoggedHeaders),
        Proxy = proxy,
    };

    private static TrustDomainDefinition TrustDomainOf(KeyValuePair<string, TrustDomainOptions> domain) => new()
    {
        Name = domain.Key,
        BundleFile = domain.Value.BundleFile,
        Endpoint = domain.Value.BundleEndpoint is { } endpoint
            ? new BundleEndpoint(new Uri(endpoint.Url), SpiffeId.TryParse(endpoint.SpiffeId ?? "", out var id) ? id : null, endpoint.CaFile)
            : null,
        Audiences = domain.Value.Audiences,
        MaxLifetime = domain.Value.MaxLifetime,
        ClockSkew = domain.Value.ClockSkew,
        RefreshInterval = domain.Value.RefreshInterval,
        MaxBundleAge = domain.Value.MaxBundleAge,
    };

    private static DpopRules Rules(DpopOptions dpop) => new(dpop.Algorithms)
    {
        ProofLifetime = dpop.ProofLifetime,
        ClockSkew = dpop.ClockSkew,
        NonceRequired = dpop.Nonce == DpopNonce.Required,
    };

    private static RequiredProof Proof(ProofOfPossession configured) => configured switch
    {
        ProofOfPossession.None => RequiredProof.None,
        ProofOfPossession.DPoP => RequiredProof.Dpop,
        ProofOfPossession.MutualTls => RequiredProof.MutualTls,
        _ => throw new InvalidOperationException($"Nothing is known of the proof {configured}."),
    };

    private static IssuerDefinition AdminDefinition(KeyValuePair<string, IssuerOptions> issuer, string roleClaim)
    {
        var definition = Definition(issuer);
        return definition with { Claims = [.. definition.Claims.Union([roleClaim], StringComparer.Ordinal)] };
    }

    private static IssuerDefinition TransactionDefinition(KeyValuePair<string, IssuerOptions> issuer) =>
        Definition(issuer) with { TokenTypes = [TransactionToken.Type], Claims = TransactionToken.Claims };

    private static IssuerDefinition Definition(KeyValuePair<string, IssuerOptions> issuer) => new()
    {
        Name = issuer.Key,
        Issuer = IssuerDefaults.Issuer(issuer.Value) ?? throw new InvalidOperationException($"The issuer '{issuer.Key}' has no Issuer."),
        OtherIssuers = IssuerDefaults.OtherIssuers(issuer.Value),
        Kind = issuer.Value.Kind,
        Tenant = IssuerDefaults.Tenant(issuer.Value),
        Audiences = issuer.Value.Audiences,
        Algorithms = issuer.Value.Algorithms,
        TokenTypes = issuer.Value.TokenTypes ?? IssuerDefinition.DefaultTokenTypes,
        ClockSkew = issuer.Value.ClockSkew,
        MaxLifetime = IssuerDefaults.MaxLifetime(issuer.Value),
        RequiredClaims = [.. issuer.Value.RequiredClaims.Select(claim => new RequiredClaim(ClaimPath.Of(claim.Key), claim.Value))],
        AgentId = issuer.Value.AgentId is { } template ? AgentIdTemplate.Parse(template) : IssuerProfile.Of(issuer.Value.Kind).AgentId,
        MaxKeyAge = issuer.Value.MaxKeyAge,
        RefreshInterval = issuer.Value.RefreshInterval,
        RequiredProof = Proof(issuer.Value.ProofOfPossession),
        Claims = VisibleClaims.Of(issuer.Value),
        JwksUri = IssuerDefaults.JwksUri(issuer.Value) is { } uri ? new Uri(uri) : null,
        JwksFile = issuer.Value.JwksFile,
        Cluster = issuer.Value.Kind == IssuerKind.Kubernetes ? Cluster(issuer.Value) : null,
        TokenReview = issuer.Value.TokenReview ? new TokenReviewRules(issuer.Value.TokenReviewCache, issuer.Value.TokenReviewTimeout) : null,
    };

    private static ClusterDefinition Cluster(IssuerOptions issuer) => new()
    {
        ApiServer = new Uri(IssuerDefaults.ApiServer(issuer)),
        CaFile = IssuerDefaults.CaFile(issuer),
        Token = IssuerDefaults.ApiServerToken(issuer),
    };
}
