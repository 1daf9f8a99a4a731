using Gateway.Integrations.Vault;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Admin;

/// <summary>Whether Vault served when it was last asked. Tools whose credentials are from elsewhere, or still live, work without it, so this only degrades.</summary>
internal sealed class VaultHealth(VaultCatalog vault) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(vault.Current switch
        {
            null => HealthCheckResult.Healthy("No Vault is configured."),
            { Problem: { } problem } => HealthCheckResult.Degraded(problem),
            _ => HealthCheckResult.Healthy(),
        });
}
