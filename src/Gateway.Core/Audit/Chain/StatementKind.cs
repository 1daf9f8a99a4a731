namespace Gateway.Core.Audit.Chain;

/// <summary>Why a statement was made. In the log its name is in lower case.</summary>
internal enum StatementKind
{
    /// <summary>The log goes on, with the process that wrote it new.</summary>
    Opening,

    /// <summary>At least every second in which something was recorded.</summary>
    Interval,

    /// <summary>The last record of a segment that another follows.</summary>
    Rotation,

    /// <summary>The last record before an orderly stop.</summary>
    Closing,

    /// <summary>About the last record of the segments that are deleted.</summary>
    Retention,

    /// <summary>About the last record on file; in <see cref="LogHead"/> alone.</summary>
    Head,
}
