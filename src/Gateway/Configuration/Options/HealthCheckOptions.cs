namespace Gateway.Configuration;

/// <summary>Health checks of a tool's destinations, shaped after YARP's <c>HealthCheckConfig</c>.</summary>
internal sealed record HealthCheckOptions
{
    /// <summary>Probing requests. Null: none.</summary>
    public ActiveHealthCheckOptions? Active { get; init; }

    /// <summary>Watching forwarded requests. Null: not done.</summary>
    public PassiveHealthCheckOptions? Passive { get; init; }

    /// <summary>What serves while no destination is healthy. Default: <see cref="AvailableDestinationsPolicy.HealthyAndUnknown"/>.</summary>
    public AvailableDestinationsPolicy AvailableDestinationsPolicy { get; init; } = AvailableDestinationsPolicy.HealthyAndUnknown;
}
