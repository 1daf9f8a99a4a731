namespace Gateway.Core.Audit.Delivery;

/// <summary>In what portions a sink gets records, and when it is tried again.</summary>
internal sealed record DeliveryOptions
{
    /// <summary>Most records of a batch. Default 1,000.</summary>
    public int BatchRecords { get; init; } = 1_000;

    /// <summary>Most bytes of a batch, unless one record alone is longer. Default 1 MiB.</summary>
    public int BatchBytes { get; init; } = 1024 * 1024;

    /// <summary>How often the files are looked at while there is nothing to deliver, and so how long records gather. Default one second.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Pause after the first failure; it doubles with each one that follows. Default half a second.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest pause between attempts, unless the receiver asks for a longer one. Default 10 seconds.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause after the receiver has refused. Default one minute.</summary>
    public TimeSpan RefusedPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Most that is waited because the receiver asks for it. Default ten minutes.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often at most the place in the log is written down while batches follow each other. Default one second.</summary>
    public TimeSpan CursorInterval { get; init; } = TimeSpan.FromSeconds(1);
}
