namespace Gateway.Core.Audit.Verification;

/// <summary>What verification found, and what it looked at.</summary>
internal sealed class LogReport
{
    public FindingList Findings { get; } = new();

    public bool IsIntact => Findings.Count == 0;

    public long Segments { get; set; }

    public long Records { get; set; }

    /// <summary>Records by <c>class_uid</c>; 0 stands for classes that the log does not have.</summary>
    public SortedDictionary<long, long> Classes { get; } = [];

    /// <summary>Statements in the log that are right; <c>calls.head</c> and those kept elsewhere not counted.</summary>
    public long Checkpoints { get; set; }

    public long FirstSequence { get; set; }

    public long LastSequence { get; set; }

    /// <summary>Milliseconds since 1970, as the first and the last record say.</summary>
    public long FirstTime { get; set; }

    public long LastTime { get; set; }

    /// <summary>Records at the end that no statement vouches for yet.</summary>
    public long Unsigned { get; set; }

    /// <summary>Bytes of an unfinished line at the end.</summary>
    public long UnfinishedBytes { get; set; }

    /// <summary>The record that <c>calls.head</c> is about; null where there is no valid one.</summary>
    public long? Head { get; set; }

    /// <summary>Statements kept elsewhere that the log agrees with.</summary>
    public long KeptFound { get; set; }

    /// <summary>Statements kept elsewhere whose records retention has deleted.</summary>
    public long KeptGone { get; set; }

    /// <summary>The longest time in milliseconds that a record waited for a statement, other than for the next start's.</summary>
    public long LongestUnsigned { get; set; }
}
