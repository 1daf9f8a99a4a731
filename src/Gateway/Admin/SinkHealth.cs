using System.Globalization;
using Gateway.Core.Audit;
using Gateway.Core.Audit.Delivery;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Admin;

/// <summary>Whether one sink keeps up. Records wait in the files for one that does not, so this only degrades.</summary>
internal sealed class SinkHealth(SinkPump sink, JsonlCallJournal journal, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(30);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = sink.Status;
        var behind = Math.Max(0, journal.Status.Sequence - status.Delivered);
        var lag = status.OldestPending is { } oldest && clock.GetUtcNow() - oldest is { Ticks: > 0 } wait ? wait : TimeSpan.Zero;
        var members = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["delivered"] = status.Delivered.ToString(CultureInfo.InvariantCulture),
            ["behind"] = behind.ToString(CultureInfo.InvariantCulture),
            ["seconds"] = ((long)lag.TotalSeconds).ToString(CultureInfo.InvariantCulture),
            ["rejected"] = status.Rejected.ToString(CultureInfo.InvariantCulture),
        };
        return Task.FromResult(
            status.Problem is { } problem ? HealthCheckResult.Degraded(problem, data: members)
            : lag > Late ? HealthCheckResult.Degraded("The receiver takes records more slowly than they come.", data: members)
            : HealthCheckResult.Healthy(data: members));
    }
}
