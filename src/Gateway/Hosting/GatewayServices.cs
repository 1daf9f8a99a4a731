using Gateway.Admin;
using Gateway.Core.Audit;
using Gateway.Core.Credentials;
using Gateway.Core.Identity.Jwt;
using Gateway.Forwarding;
using Gateway.Identity;
using Gateway.Integrations.OAuth2;
using Gateway.Integrations.Oidc;
using Gateway.Integrations.Secrets;
using Gateway.Integrations.Sqlite;
using Gateway.Pipeline;
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
        services.AddHostedService<ConfigurationReloader>();
        AddIdentity(services);
        AddCallLog(services, plan);
        AddState(services, plan);
        AddCredentials(services, plan);
        AddForwarding(services);
        services.AddSingleton<ConfigurationHealth>();
        services.AddHealthChecks()
            .AddCheck<ConfigurationHealth>("configuration")
            .AddCheck<CallLogHealth>("audit")
            .AddCheck<IssuerHealth>("issuers", HealthStatus.Degraded)
            .AddCheck<StateHealth>("state", HealthStatus.Degraded)
            .AddCheck<CredentialHealth>("credentials", HealthStatus.Degraded)
            .AddCheck<RevocationHealth>("revocations", HealthStatus.Degraded);
        return services;
    }

    private static void AddIdentity(IServiceCollection services)
    {
        services.AddSingleton<IssuerCatalog>();
        services.AddSingleton(provider => new JwtAuthenticator(IssuerSet.Empty, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<TokenIdentity>();

        // In the order in which they count.
        services.AddSingleton<IReadOnlyList<IIdentitySource>>(provider => [provider.GetRequiredService<TokenIdentity>()]);
    }

    private static void AddCredentials(IServiceCollection services, StartupPlan plan)
    {
        services.AddSingleton(provider => new EncryptedSecretStore(plan.Options.DataDirectory, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ISecretSource>(provider => SecretSources.Create(provider.GetRequiredService<EncryptedSecretStore>()));
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

    private static void AddCallLog(IServiceCollection services, StartupPlan plan)
    {
        services.AddSingleton(new CallJournalOptions { Directory = plan.Options.Audit.Directory });
        services.AddSingleton<JsonlCallJournal>();
        services.AddSingleton<ICallJournal>(provider => provider.GetRequiredService<JsonlCallJournal>());

        // Hosted services start before the server and stop after it, so every call finds the log open.
        services.AddHostedService<CallLogService>();
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
        services.AddSingleton<RouteStage>();
        services.AddSingleton<AuthorizeStage>();
        services.AddSingleton<AcquireStage>();
        services.AddSingleton<JournalStage>();
        services.AddSingleton<ForwardStage>();
        services.AddSingleton<IReadOnlyList<ICallStage>>(provider =>
        [
            provider.GetRequiredService<IdentifyStage>(),
            provider.GetRequiredService<RouteStage>(),
            provider.GetRequiredService<AuthorizeStage>(),
            provider.GetRequiredService<AcquireStage>(),
            provider.GetRequiredService<JournalStage>(),
            provider.GetRequiredService<ForwardStage>(),
        ]);
        services.AddSingleton<CallPipeline>();
    }
}
