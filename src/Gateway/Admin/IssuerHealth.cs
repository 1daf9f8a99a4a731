using Gateway.Integrations.Oidc;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Admin;

/// <summary>Whether every issuer's keys are current.</summary>
internal sealed class IssuerHealth(IssuerCatalog issuers) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        KeyHealth.CheckAsync(issuers.Status, "Keys of an issuer are missing or not current.", "no keys yet");
}
