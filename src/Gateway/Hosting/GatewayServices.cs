using System.Diagnostics;
using Gateway.Admin;
using Gateway.AgentApi;
using Gateway.Calls;
using Gateway.Configuration;
using Gateway.Core.Audit;
using Gateway.Core.Audit.Alerts;
using Gateway.Core.Audit.Delivery;
using Gateway.Core.Audit.Index;
using Gateway.Core.Credentials;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Dpop;
using Gateway.Core.Identity.Jwt;
using Gateway.Core.Policy;
using Gateway.Core.Tasks;
using Gateway.Forwarding;
using Gateway.Identity;
using Gateway.Integrations.DecisionPoints;
using Gateway.Integrations.Linux;
using Gateway.Integrations.OAuth2;
using Gateway.Integrations.Oidc;
using Gateway.Integrations.Secrets;
using Gateway.Integrations.Spiffe;
using Gateway.Integrations.Sqlite;
using Gateway.Integrations.Vault;
using Gateway.Pipeline;
using Gateway.Tasks;
using Gateway.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Gateway.Hosting;

/// <summary>The gateway's parts for an ASP.NET Core application.</summary>
internal static class GatewayServices
{
    public static IServiceCollection AddGateway(this IServiceCollection services, StartupPlan plan, ConfigurationOrigin origin)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(plan);
        services.AddSingleton(origin);
        services.AddSingleton<SnapshotSource>();
        services.AddSingleton<RuntimeConfiguration>();
        services.TryAddSingleton(_ => new LogLevels(origin));
        services.AddHostedService<ConfigurationReloader>();
        services.AddSingleton(_ => new UnixListeners(plan.Options.Listeners.Agents.Append(plan.Options.Listeners.Admin)));
        AddTelemetry(services);
        AddIdentity(services);
        services.AddSingleton<DecisionPointClient>();
        services.AddSingleton<PolicyEngineCatalog>();
        services.AddSingleton<CallHistory>();
        AddCallLog(services, plan);
        AddState(services, plan);
        AddCredentials(services, plan);
        AddTasks(services);
        AddAdmin(services);
        AddForwarding(services);
        services.AddSingleton<ConfigurationHealth>();
        var health = services.AddHealthChecks()
            .AddCheck<ConfigurationHealth>("configuration")
            .AddCheck<CallLogHealth>("audit")
            .AddCheck<CallIndexHealth>("index", HealthStatus.Degraded)
            .AddCheck<IssuerHealth>("issuers", HealthStatus.Degraded)
            .AddCheck<TrustDomainHealth>("trust-domains", HealthStatus.Degraded)
            .Add(new HealthCheckRegistration("admin-issuers", AdminIssuers, HealthStatus.Degraded, null))
            .AddCheck<PolicyHealth>("policy", HealthStatus.Degraded)
            .AddCheck<StateHealth>("state", HealthStatus.Degraded)
            .AddCheck<CredentialHealth>("credentials", HealthStatus.Degraded)
            .AddCheck<RevocationHealth>("revocations", HealthStatus.Degraded)
            .AddCheck<VaultHealth>("vault", HealthStatus.Degraded)
            .AddCheck<ToolHealth>("tools", HealthStatus.Degraded);
        AddDelivery(services, health, plan);
        return services;
    }

    private static IssuerHealth AdminIssuers(IServiceProvider provider) => new(provider.GetRequiredKeyedService<IssuerCatalog>(AdminOptions.Section));

    private static void AddDelivery(IServiceCollection services, IHealthChecksBuilder health, StartupPlan plan)
    {
        foreach (var name in DeliverySetup.Sinks(plan.Options.Audit).Keys)
        {
            health.Add(new HealthCheckRegistration(
                $"sink:{name}",
                provider => ActivatorUtilities.CreateInstance<SinkHealth>(provider, provider.GetRequiredService<AuditDelivery>().Sinks.Single(sink => sink.Name == name)),
                HealthStatus.Degraded,
                tags: null));
        }
    }

    private static void AddTelemetry(IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<CallMetrics>();
        services.AddSingleton<IdentityMetrics>();
        services.AddSingleton<PolicyMetrics>();
        services.AddSingleton<DependencyStates>();
        services.AddSingleton<StateMetrics>();
        services.AddSingleton<CallTelemetry>();

        // In place of ASP.NET Core's own, which takes baggage from whoever calls.
        services.AddSingleton<DistributedContextPropagator, TraceContextPropagator>();

        // Ahead of those that end leases and tasks, and so stopped after them: what they do at the end is exported too.
        services.AddHostedService<TelemetryExport>();
    }

    private static void AddIdentity(IServiceCollection services)
    {
        services.AddSingleton<IssuerCatalog>();
        services.AddKeyedSingleton<IssuerCatalog>(AdminOptions.Section);
        services.AddKeyedSingleton<IssuerCatalog>(TransactionTokens.Header);
        services.AddSingleton<TransactionTokens>();
        services.AddSingleton<TrustDomainCatalog>();
        services.AddSingleton(provider => new JwtAuthenticator(IssuerSet.Empty, provider.GetRequiredService<TimeProvider>())
        {
            LookedUp = provider.GetRequiredService<IdentityMetrics>().LookedUp,
        });

        // One for all listeners, so that a proof used at one is used at all.
        services.AddSingleton<IReplayCache>(provider => new MemoryReplayCache(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<DpopNonces>();
        services.AddSingleton<DpopVerifier>();
        services.AddSingleton<PossessionCheck>();
        services.AddSingleton<TokenIdentity>();
        services.AddSingleton<CertificateIdentity>();
        services.AddSingleton<PeerIdentity>();
        services.AddSingleton<ExecutableDigests>();
        services.AddSingleton<PeerReader>();

        // In the order in which they count.
        services.AddSingleton<IReadOnlyList<IIdentitySource>>(provider =>
        [
            provider.GetRequiredService<TokenIdentity>(),
            provider.GetRequiredService<CertificateIdentity>(),
            provider.GetRequiredService<PeerIdentity>(),
        ]);
    }

    private static void AddCredentials(IServiceCollection services, StartupPlan plan)
    {
        services.AddSingleton(provider => new EncryptedSecretStore(plan.Options.DataDirectory, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ISecretSource>(provider => SecretSources.Create(provider.GetRequiredService<EncryptedSecretStore>(), provider.GetRequiredService<VaultCatalog>()));
        services.AddSingleton<VaultCatalog>();
        services.AddSingleton<TokenEndpointClient>();
        services.AddSingleton<CredentialCatalog>();
        services.AddSingleton(new LeaseStoreOptions());
        services.AddSingleton(new RevocationOptions());
        services.AddSingleton<ILeaseJournal, LeaseJournal>();
        services.AddSingleton<RevocationBook>();
        services.AddSingleton<Func<string, ICredentialProvider?>>(provider => provider.GetRequiredService<CredentialCatalog>().FindProvider);
        services.AddSingleton<RevocationWorker>();
        services.AddSingleton<LeaseStore>();
        services.AddHostedService<LeaseService>();
    }

    private static void AddState(IServiceCollection services, StartupPlan plan)
    {
        services.AddSingleton(provider => new StateDatabase(plan.Options.DataDirectory, provider.GetRequiredService<ILogger<StateDatabase>>()));
        services.AddSingleton(_ => new HandleProtection(plan.Options.DataDirectory));
        services.AddSingleton<IRevocationOutbox, SqliteRevocationOutbox>();
        services.AddSingleton<ILeaseAccounts, SqliteLeaseAccounts>();

        // Before all that is restored from it, and after the log: what comes of restoring is recorded.
        services.AddHostedService<StateService>();
    }

    /// <summary>After the leases' own service: what a task leaves is ended under the ledger that is restored.</summary>
    private static void AddTasks(IServiceCollection services)
    {
        services.AddSingleton<ITaskStore, SqliteTaskStore>();
        services.AddSingleton<ISuspensionStore, SqliteSuspensionStore>();
        services.AddSingleton<TaskRegistry>();
        services.AddSingleton<AgentDirectory>();
        services.AddSingleton<TaskEvents>();
        services.AddSingleton<TaskLeases>();
        services.AddSingleton<TaskEnder>();
        services.AddSingleton<AgentSuspender>();
        services.AddSingleton<TaskStarter>();
        services.AddSingleton<ReceiptSigner>();
        services.AddSingleton<DenialPolicy>();
        services.AddHostedService<TaskLifecycleService>();
    }

    private static void AddAdmin(IServiceCollection services)
    {
        services.AddSingleton<AdminToken>();
        services.AddHostedService(provider => provider.GetRequiredService<AdminToken>());
        services.AddSingleton<AdminAuthenticator>();
        services.AddSingleton<TasksApi>();
        services.AddSingleton<AgentsApi>();
        services.AddSingleton<LeasesApi>();
        services.AddSingleton<PoliciesApi>();
        services.AddSingleton<AdminApi>();
    }

    private static void AddCallLog(IServiceCollection services, StartupPlan plan)
    {
        var audit = plan.Options.Audit;
        services.AddSingleton(provider =>
        {
            // Late, since what delivers needs the journal.
            var cursors = new Lazy<ISinkCursors>(provider.GetRequiredService<ISinkCursors>);
            return new CallJournalOptions
            {
                Directory = audit.Directory,
                Durability = audit.Durability,
                SegmentBytes = audit.SegmentBytes,
                SegmentAge = audit.SegmentAge,
                Retention = audit.Retention,
                Instance = audit.Instance ?? Environment.MachineName,
                Delivered = DeliverySetup.Sinks(audit).Count == 0 ? null : () => cursors.Value.Lowest ?? 0,
                HeadInterval = audit.SigningKey?.Transit is null ? CallJournalOptions.LocalHeadInterval : CallJournalOptions.RemoteHeadInterval,
            };
        });
        services.AddSingleton<AuditKeyStore>();
        services.AddSingleton(provider =>
        {
            // Made before the journal, and so is the Vault that it may sign with, so that both are there until the journal has
            // signed for its end.
            return ActivatorUtilities.CreateInstance<JsonlCallJournal>(provider, provider.GetRequiredService<AuditKeyStore>());
        });
        services.AddSingleton<ICallJournal>(provider => new AlertingJournal(
            provider.GetRequiredService<JsonlCallJournal>(),
            new AlertLimits { Window = audit.Alerts.Window, MaxPerMinute = audit.Alerts.MaxPerMinute, DenialsPerMinute = audit.Alerts.DenialsPerMinute },
            provider.GetRequiredService<TimeProvider>()));

        services.AddSingleton<ConfigurationEvents>();

        // Before the log, which signs from its first record on.
        services.AddSingleton<AuditKeyService>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditKeyService>());

        // Hosted services start before the server and stop after it, so every call finds the log open.
        services.AddHostedService<CallLogService>();
        services.AddSingleton(provider => DeliverySetup.Create(provider, plan.Options));
        services.AddSingleton<ISinkCursors>(provider => provider.GetRequiredService<AuditDelivery>());
        services.AddHostedService<DeliveryService>();
        AddCallIndex(services, plan);
    }

    private static void AddCallIndex(IServiceCollection services, StartupPlan plan)
    {
        services.AddSingleton<CallIndexCatalog>();
        services.AddSingleton<ICallIndex>(provider => provider.GetRequiredService<CallIndexCatalog>().Create());
        services.AddSingleton(provider => new CallIndexer(
            provider.GetRequiredService<ICallIndex>(),
            plan.Options.Audit.Directory,
            provider.GetRequiredService<ICallJournal>(),
            () => provider.GetRequiredService<JsonlCallJournal>().Status.Sequence,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CallIndexer>>()));
        services.AddHostedService<CallIndexService>();
        services.AddSingleton<CallFilterText>();
        services.AddSingleton<CallsApi>();
        services.AddSingleton<CallsStreamApi>();
    }

    private static void AddForwarding(IServiceCollection services)
    {
        services.AddSingleton<ToolProxyConfigProvider>();
        services.AddSingleton<IProxyConfigProvider>(provider => provider.GetRequiredService<ToolProxyConfigProvider>());
        services.AddSingleton<IConfigChangeListener>(provider => provider.GetRequiredService<ToolProxyConfigProvider>());
        services.AddReverseProxy();
        services.AddSingleton<ITransformProvider, CallTransforms>();
        services.Replace(ServiceDescriptor.Singleton<IForwarderHttpClientFactory, ToolHttpClientFactory>());
        services.AddSingleton<IdentifyStage>();
        services.AddSingleton<IAgentEndpoint, WhoamiEndpoint>();
        services.AddSingleton<IAgentEndpoint, StartTaskEndpoint>();
        services.AddSingleton<IAgentEndpoint, EndTaskEndpoint>();
        services.AddSingleton<AgentApiStage>();
        services.AddSingleton<RouteStage>();
        services.AddSingleton<TaskStage>();
        services.AddSingleton<AuthorizeStage>();
        services.AddSingleton<AcquireStage>();
        services.AddSingleton<JournalStage>();
        services.AddSingleton<ForwardStage>();
        services.AddSingleton<IReadOnlyList<ICallStage>>(provider =>
        [
            provider.GetRequiredService<IdentifyStage>(),
            provider.GetRequiredService<AgentApiStage>(),
            provider.GetRequiredService<RouteStage>(),
            provider.GetRequiredService<TaskStage>(),
            provider.GetRequiredService<AuthorizeStage>(),
            provider.GetRequiredService<AcquireStage>(),
            provider.GetRequiredService<JournalStage>(),
            provider.GetRequiredService<ForwardStage>(),
        ]);
        services.AddSingleton<CallPipeline>();
    }
}
