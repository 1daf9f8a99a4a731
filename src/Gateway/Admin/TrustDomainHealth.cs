using Gateway.Core.Identity;
using Gateway.Integrations.Spiffe;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Admin;

/// <summary>Whether every trust domain's bundle is current. One that is not affects its own agents, so this only degrades.</summary>
internal sealed class TrustDomainHealth(TrustDomainCatalog domains) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var statuses = domains.Status;
        var states = statuses.ToDictionary(s => s.Name, s => (object)Describe(s), StringComparer.Ordinal);
        return Task.FromResult(statuses.All(s => s.State == IssuerState.Ok)
            ? HealthCheckResult.Healthy(data: states)
            : HealthCheckResult.Degraded("The bundle of a trust domain is missing or not current.", data: states));
    }

    private static string Describe(IssuerStatus status) => status.State switch
    {
        IssuerState.Ok => "ok",
        IssuerState.Degraded => $"degraded: {status.LastError}",
        _ => $"down: {status.LastError ?? "no bundle yet"}",
    };
}
