using Gateway.Core.Audit;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Admin;

/// <summary>Whether records can be written, without which no call is accepted, and are signed for, without which they wait for the next signature.</summary>
internal sealed class CallLogHealth(JsonlCallJournal journal) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        return Task.FromResult(
            !journal.IsAvailable ? HealthCheckResult.Unhealthy("The call log cannot be written, so calls are refused; the gateway's log says why.")
            : !journal.HasRoom ? HealthCheckResult.Unhealthy("More records wait to be written than may, so calls are refused: the call log's disk is too slow.")
            : journal.Status.UnsignedSince is { } since ? HealthCheckResult.Degraded($"Records are written, and nothing has signed for them since {since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}; the gateway's log says why.")
            : HealthCheckResult.Healthy());
    }
}
