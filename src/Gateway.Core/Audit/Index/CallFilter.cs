namespace Gateway.Core.Audit.Index;

/// <summary>Which calls are wanted: those that have all of this. Null asks for nothing.</summary>
internal sealed record CallFilter
{
    public static readonly CallFilter All = new();

    /// <summary>Exactly; of calls refused for their identity, who they claimed to be.</summary>
    public string? Agent { get; init; }

    public string? Tool { get; init; }

    public bool? IsAllowed { get; init; }

    public string? Reason { get; init; }

    public string? Task { get; init; }

    /// <summary>Calls that began then or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Calls that began before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary><see cref="Since"/> in the log's own unit.</summary>
    public long FirstTime => Since is { } since ? Milliseconds(since) : long.MinValue;

    /// <summary>The last time that is before <see cref="Until"/>, in the log's own unit.</summary>
    public long LastTime => Until is { } until ? Milliseconds(until) - 1 : long.MaxValue;

    public bool HasTimes => Since is not null || Until is not null;

    public bool Matches(CallFacts facts) =>
        (Agent is null || Agent == facts.Agent)
        && (Tool is null || Tool == facts.Tool)
        && (IsAllowed is null || IsAllowed == facts.IsAllowed)
        && (Reason is null || Reason == facts.Reason)
        && (Task is null || Task == facts.Task)
        && facts.Time >= FirstTime && facts.Time <= LastTime;

    /// <summary>Rounded up: what began in the same millisecond before the time is not wanted.</summary>
    private static long Milliseconds(DateTimeOffset time)
    {
        var milliseconds = time.ToUnixTimeMilliseconds();
        return time > DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) ? milliseconds + 1 : milliseconds;
    }
}
