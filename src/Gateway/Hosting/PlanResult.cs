using Gateway.Configuration;

namespace Gateway.Hosting;

/// <summary>A plan, or why there is none.</summary>
/// <param name="Plan">Null where there is an error.</param>
/// <param name="Errors">All of them at once.</param>
/// <param name="Warnings">What does not keep the gateway from serving.</param>
internal sealed record PlanResult(
    StartupPlan? Plan,
    IReadOnlyList<ConfigurationError> Errors,
    IReadOnlyList<ConfigurationError> Warnings)
{
    /// <summary>The files as they were before they were read; what they must differ from to be worth reading again.</summary>
    public string Stamps { get; init; } = "";

    /// <summary>How many policies were read; 0 where one cannot be.</summary>
    public int PolicyCount { get; init; }

    /// <summary>The policy directory that the configuration names, sound or not; null where it names none.</summary>
    public string? PolicyDirectory { get; init; }
}
