namespace Gateway.Core.Audit.Index;

/// <summary>A page of calls that is asked for.</summary>
internal sealed record CallQuestion
{
    public required CallFilter Filter { get; init; }

    /// <summary>How many calls at most; at least one.</summary>
    public required int Limit { get; init; }

    /// <summary>Oldest first, for whoever follows the log; otherwise newest first.</summary>
    public bool OldestFirst { get; init; }

    /// <summary>Goes on where an earlier page ended; null at the log's end, or its beginning where the oldest come first.</summary>
    public string? Cursor { get; init; }
}
