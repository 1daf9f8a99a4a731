using Gateway.Configuration;

namespace Gateway.Hosting;

/// <summary>A plan, or why there is none.</summary>
/// <param name="Plan">Null where there is an error.</param>
/// <param name="Errors">All of them at once.</param>
/// <param name="Warnings">What does not keep the gateway from serving.</param>
internal sealed record PlanResult(
    StartupPlan? Plan,
    IReadOnlyList<ConfigurationError> Errors,
    IReadOnlyList<ConfigurationError> Warnings);
