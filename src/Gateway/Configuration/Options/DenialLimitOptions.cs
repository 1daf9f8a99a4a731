namespace Gateway.Configuration;

/// <summary>How many denials within which time are a deviation.</summary>
internal sealed record DenialLimitOptions
{
    /// <summary>The denial that ends the task. 1 to 1000.</summary>
    [Expects("a number from 1 to 1000")]
    public required int Count { get; init; }

    /// <summary>Denials older than this do not count. 1 second to 1 day. Default: 5 minutes.</summary>
    [Between("00:00:01", "1.00:00:00")]
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(5);
}
