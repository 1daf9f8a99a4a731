using System.Globalization;
using Gateway.Core.Credentials;
using Gateway.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Admin;

/// <summary>The credentials that have a last day. Two weeks before it they degrade, so that the owner has time.</summary>
internal sealed class CredentialHealth(SnapshotSource snapshots, TimeProvider clock) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var now = clock.GetUtcNow();
        var ending = snapshots.Current.Credentials.Values.Where(c => c.NotAfter is not null).ToList();
        var states = ending.ToDictionary(c => c.Name, c => (object)Describe(c, now), StringComparer.Ordinal);
        return Task.FromResult(ending.Any(c => c.Expires(now))
            ? HealthCheckResult.Degraded("A credential has expired or will within 14 days; its owner must replace it.", data: states)
            : HealthCheckResult.Healthy(data: states));
    }

    private static string Describe(CredentialDefinition credential, DateTimeOffset now)
    {
        var day = credential.NotAfter?.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
        var kind = credential.IsLegacy ? "static, " : "";
        return credential.NotAfter <= now ? $"{kind}expired {day}"
            : credential.Expires(now) ? $"{kind}expires {day}"
            : $"{kind}until {day}";
    }
}
