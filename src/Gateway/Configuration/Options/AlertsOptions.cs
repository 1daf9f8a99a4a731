namespace Gateway.Configuration;

/// <summary>How many alerts (OCSF 2004) the call log holds.</summary>
internal sealed record AlertsOptions
{
    /// <summary>
    /// Within it, the same alert about the same agent and tool is raised once; the next one says how many were held back. 1
    /// second to 1 day. Default: 5 minutes.
    /// </summary>
    [Between("00:00:01", "1.00:00:00")]
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many alerts of all kinds are raised within a minute. 1 to 10,000. Default: 60.</summary>
    [Expects("a number of alerts")]
    public int MaxPerMinute { get; init; } = 60;

    /// <summary>How many denials of one agent within a minute are a burst. 1 to 1,000,000. Default: 30.</summary>
    [Expects("a number of denials")]
    public int DenialsPerMinute { get; init; } = 30;
}
