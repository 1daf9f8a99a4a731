using System.Globalization;
using Gateway.Core.Credentials;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Admin;

/// <summary>Whether revocations get done; those that need an operator degrade.</summary>
internal sealed class RevocationHealth(RevocationBook book) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var owed = book.Owed();
        var stuck = owed.Count(d => d.IsStuck);
        var counts = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["owed"] = (owed.Count - stuck).ToString(CultureInfo.InvariantCulture),
            ["stuck"] = stuck.ToString(CultureInfo.InvariantCulture),
        };
        return Task.FromResult(stuck == 0
            ? HealthCheckResult.Healthy(data: counts)
            : HealthCheckResult.Degraded("Revocations are stuck and need an operator; the gateway's log says why.", data: counts));
    }
}
