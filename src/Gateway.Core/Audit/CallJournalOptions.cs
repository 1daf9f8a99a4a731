namespace Gateway.Core.Audit;

/// <summary>Where the call log lives and how much may wait for it.</summary>
internal sealed record CallJournalOptions
{
    /// <summary>Absolute path of the log's directory; made with mode 0700 where it does not exist.</summary>
    public required string Directory { get; init; }

    /// <summary>Size at which a new segment begins. Default 64 MiB.</summary>
    public long SegmentBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Records that may wait to be written; while so many do, no call is admitted. Default 65,536.</summary>
    public int MaxPending { get; init; } = 65_536;

    /// <summary>Interval of the look after the directory while idle, and of attempts after a fault. Default one second.</summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the writer lets records gather before it writes them together. Zero writes at once, at the price of a
    /// thread switch per record under load. Default two milliseconds.
    /// </summary>
    public TimeSpan GatherInterval { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How long disposal waits for admitted calls to be recorded and for what is recorded to be written. Default ten seconds.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The gateway's version, as <c>metadata.product.version</c>.</summary>
    public string ProductVersion { get; init; } = typeof(CallJournalOptions).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
