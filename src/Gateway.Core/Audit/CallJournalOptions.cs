namespace Gateway.Core.Audit;

/// <summary>Where the call log lives and how much may wait for it.</summary>
internal sealed record CallJournalOptions
{
    /// <summary>For a key in this process.</summary>
    public static readonly TimeSpan LocalHeadInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>For a key in another system, which would be asked ten times a second for as long as there are calls.</summary>
    public static readonly TimeSpan RemoteHeadInterval = TimeSpan.FromSeconds(1);

    /// <summary>Absolute path of the log's directory; made with mode 0700 where it does not exist.</summary>
    public required string Directory { get; init; }

    /// <summary>What a record survives before its call goes on. Default: the end of the process.</summary>
    public CallJournalDurability Durability { get; init; }

    /// <summary>Size from which on a segment is followed by another; it may be exceeded by what is written together. Default 64 MiB.</summary>
    public long SegmentBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Age from which on a segment is followed by another. Default one day.</summary>
    public TimeSpan SegmentAge { get; init; } = TimeSpan.FromDays(1);

    /// <summary>For how long records are kept; their segments are deleted as wholes. Null keeps them for ever.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>The last record that nobody needs from the files any more, for retention to heed; null where nobody reads them.</summary>
    public Func<long>? Delivered { get; init; }

    /// <summary>At most this lies between a record and a signed statement about it, while there is activity. Default one second.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long nothing is signed after an attempt that failed. It is what makes a signer that hangs bearable: records wait for
    /// <see cref="AuditSigning.Timeout"/> and then are written for this long without asking it. Default five seconds.
    /// </summary>
    public TimeSpan SigningRetryInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>At most this lies between a record and the log's head that covers it. Default a tenth of a second.</summary>
    public TimeSpan HeadInterval { get; init; } = LocalHeadInterval;

    /// <summary>By how many calls under way the file of them grows; 8 KiB each. Default 256.</summary>
    public int OpenCallsPerRegion { get; init; } = 256;

    /// <summary>How many calls may be under way. Default 131,072.</summary>
    public int MaxOpenCalls { get; init; } = 131_072;

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

    /// <summary>The name of this gateway among others, as <c>metadata.reporter.name</c>; null leaves it out.</summary>
    public string? Instance { get; init; }

    /// <summary>The gateway's version, as <c>metadata.product.version</c>.</summary>
    public string ProductVersion { get; init; } = typeof(CallJournalOptions).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
