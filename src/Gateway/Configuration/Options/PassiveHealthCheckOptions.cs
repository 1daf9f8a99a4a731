namespace Gateway.Configuration;

/// <summary>Conclusions from how forwarded requests fare.</summary>
internal sealed record PassiveHealthCheckOptions
{
    /// <summary>Whether it is done. Default: true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Default: <see cref="PassiveHealthCheckPolicy.TransportFailureRate"/>.</summary>
    public PassiveHealthCheckPolicy Policy { get; init; } = PassiveHealthCheckPolicy.TransportFailureRate;

    /// <summary>When an unhealthy destination is tried again. 1 second to 1 day. Default: 1 minute.</summary>
    [Between("00:00:01", "1.00:00:00")]
    public TimeSpan ReactivationPeriod { get; init; } = TimeSpan.FromMinutes(1);
}
