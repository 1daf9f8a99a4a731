using Gateway.Core.Identity;
using Gateway.Integrations.Oidc;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Admin;

/// <summary>Whether every issuer's keys are current. An issuer that is down affects its own agents, so this only degrades.</summary>
internal sealed class IssuerHealth(IssuerCatalog issuers) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var statuses = issuers.Status;
        var states = statuses.ToDictionary(s => s.Name, s => (object)Describe(s), StringComparer.Ordinal);
        return Task.FromResult(statuses.All(s => s.State == IssuerState.Ok)
            ? HealthCheckResult.Healthy(data: states)
            : HealthCheckResult.Degraded("Keys of an issuer are missing or not current.", data: states));
    }

    private static string Describe(IssuerStatus status) => status.State switch
    {
        IssuerState.Ok => "ok",
        IssuerState.Degraded => $"degraded: {status.LastError}",
        _ => $"down: {status.LastError ?? "no keys yet"}",
    };
}
