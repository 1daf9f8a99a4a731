using Gateway.Core.Audit;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Admin;

/// <summary>Whether records can be written; without that no call is accepted.</summary>
internal sealed class CallLogHealth(JsonlCallJournal journal) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        return Task.FromResult(
            !journal.IsAvailable ? HealthCheckResult.Unhealthy("The call log cannot be written, so calls are refused; the gateway's log says why.")
            : !journal.HasRoom ? HealthCheckResult.Unhealthy("More records wait to be written than may, so calls are refused: the call log's disk is too slow.")
            : HealthCheckResult.Healthy());
    }
}
