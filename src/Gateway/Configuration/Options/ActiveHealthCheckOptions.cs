namespace Gateway.Configuration;

/// <summary>Requests that the gateway sends to find out whether a destination is well. They carry no credential.</summary>
internal sealed record ActiveHealthCheckOptions
{
    /// <summary>Whether it is done. Default: true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Time between two probes. 1 second to 1 day. Default: 15 seconds.</summary>
    [Between("00:00:01", "1.00:00:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a probe may take. 0.1 seconds to 10 minutes. Default: 10 seconds.</summary>
    [Between("00:00:00.1000000", "00:10:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Default: <see cref="ActiveHealthCheckPolicy.ConsecutiveFailures"/>.</summary>
    public ActiveHealthCheckPolicy Policy { get; init; } = ActiveHealthCheckPolicy.ConsecutiveFailures;

    /// <summary>What is requested below the destination's address; starts with "/". Null: the address itself.</summary>
    [Expects("a path such as \"/healthz\"")]
    public string? Path { get; init; }
}
