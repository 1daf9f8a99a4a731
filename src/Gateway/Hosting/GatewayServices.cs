using Gateway.Admin;
using Gateway.Core.Audit;
using Gateway.Core.Credentials;
using Gateway.Core.Identity.Jwt;
using Gateway.Forwarding;
using Gateway.Identity;
using Gateway.Integrations.OAuth2;
using Gateway.Integrations.Oidc;
using Gateway.Integrations.Secrets;
using Gateway.Integrations.Vault;
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
        AddCredentials(services, plan);
        AddCallLog(services, plan);
        AddForwarding(services);
        services.AddSingleton<ConfigurationHealth>();
        services.AddHealthChecks()
            .AddCheck<ConfigurationHealth>("configuration")
            .AddCheck<CallLogHealth>("audit")
            .AddCheck<IssuerHealth>("issuers", HealthStatus.Degraded)
            .AddCheck<VaultHealth>("vault", HealthStatus.Degraded);
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
        services.AddSingleton<ISecretSource>(provider => SecretSources.Create(provider.GetRequiredService<EncryptedSecretStore>(), provider.GetRequiredService<VaultCatalog>()));
        services.AddSingleton<VaultCatalog>();
        services.AddSingleton<TokenEndpointClient>();
        services.AddSingleton<CredentialCatalog>();
        services.AddSingleton(new LeaseStoreOptions());
        services.AddSingleton<LeaseStore>();
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
