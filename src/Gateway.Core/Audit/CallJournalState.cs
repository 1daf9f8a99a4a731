namespace Gateway.Core.Audit;

/// <summary>Whether the call log can be written. The zero value admits no call.</summary>
internal enum CallJournalState
{
    /// <summary>The directory has not been opened yet.</summary>
    Starting = 0,

    Available,

    /// <summary>The last attempt to write failed; calls are refused until one succeeds.</summary>
    Unavailable,

    /// <summary>Another process writes to the directory. Ends by itself when that process does.</summary>
    Locked,

    Stopped,
}
