using Gateway.Core.Identity;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Admin;

/// <summary>Whether the keys of everybody who vouches for agents are current. One whose are not affects its own agents, so this only degrades.</summary>
internal static class KeyHealth
{
    /// <param name="statuses">One for each who vouches.</param>
    /// <param name="problem">What to say where not all are well.</param>
    /// <param name="nothingYet">What to say of one that has not been read yet.</param>
    public static Task<HealthCheckResult> CheckAsync(IReadOnlyList<IssuerStatus> statuses, string problem, string nothingYet)
    {
        var states = statuses.ToDictionary(s => s.Name, s => (object)Describe(s, nothingYet), StringComparer.Ordinal);
        return Task.FromResult(statuses.All(s => s.State == IssuerState.Ok) ? HealthCheckResult.Healthy(data: states) : HealthCheckResult.Degraded(problem, data: states));
    }

    private static string Describe(IssuerStatus status, string nothingYet) => status.State switch
    {
        IssuerState.Ok => "ok",
        IssuerState.Degraded => $"degraded: {status.LastError}",
        _ => $"down: {status.LastError ?? nothingYet}",
    };
}
