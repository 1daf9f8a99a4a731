using Gateway.Core.Audit;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Admin;

/// <summary>Whether records can be written; without that no call is accepted.</summary>
internal sealed class CallLogHealth(JsonlCallJournal journal) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = journal.Status;
        return Task.FromResult(journal.IsAvailable
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy(status.LastError ?? "The call log is not open yet."));
    }
}
