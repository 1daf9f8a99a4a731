namespace Gateway.Core.Audit.Alerts;

/// <summary>How many alerts there may be.</summary>
internal sealed record AlertLimits
{
    /// <summary>Within it, the same alert about the same agent and tool is raised once. Default five minutes.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many alerts of all kinds are raised within a minute. Default 60.</summary>
    public int MaxPerMinute { get; init; } = 60;

    /// <summary>How many denials of one agent within a minute are one burst. Default 30.</summary>
    public int DenialsPerMinute { get; init; } = 30;
}
