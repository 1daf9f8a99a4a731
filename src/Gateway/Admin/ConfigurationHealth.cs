using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Admin;

/// <summary>Whether the configuration on disk is the one in force.</summary>
internal sealed class ConfigurationHealth : IHealthCheck
{
    private volatile string? _problem;

    /// <param name="problem">Why the newest configuration, or what of it, is not in force; null once it is.</param>
    public void Report(string? problem) => _problem = problem;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_problem is { } problem ? HealthCheckResult.Degraded(problem) : HealthCheckResult.Healthy());
}
