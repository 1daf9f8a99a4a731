using System.Globalization;
using Gateway.Core.Audit.Index;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Admin;

/// <summary>Whether calls can be looked for, up to the newest. Calls themselves do not depend on it.</summary>
internal sealed class CallIndexHealth(CallIndexer indexer) : IHealthCheck
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        indexer.Problem is not null
            ? HealthCheckResult.Degraded("The index of the call log cannot be used, so calls cannot be looked for; the gateway's log says why.")
        : indexer.Behind > Tolerance && !indexer.Rests
            ? HealthCheckResult.Degraded(string.Create(
                CultureInfo.InvariantCulture,
                $"The index of the call log has been behind for {indexer.Behind.TotalSeconds:0} s and covers it up to record {indexer.Last}: the newest calls cannot be looked for yet."))
        : HealthCheckResult.Healthy());
}
