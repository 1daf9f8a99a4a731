using Gateway.Integrations.Spiffe;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Admin;

/// <summary>Whether every trust domain's bundle is current.</summary>
internal sealed class TrustDomainHealth(TrustDomainCatalog domains) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        KeyHealth.CheckAsync(domains.Status, "The bundle of a trust domain is missing or not current.", "no bundle yet");
}
