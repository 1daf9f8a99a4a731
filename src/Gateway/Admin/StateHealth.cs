using Gateway.Integrations.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Admin;

/// <summary>Whether what must survive a kill can be written; without that no credential is issued that must be revoked, nor for a task.</summary>
internal sealed class StateHealth(StateDatabase state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(state.Problem is null
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded("The state file cannot be used; the gateway's log says why."));
}
