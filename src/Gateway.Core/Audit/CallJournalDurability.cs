namespace Gateway.Core.Audit;

/// <summary>What a record survives once the log has taken it.</summary>
internal enum CallJournalDurability
{
    /// <summary>The end of the process at any instant, kill -9 included; not the loss of power.</summary>
    PageCache = 0,

    /// <summary>The loss of power too: calls wait for the disk, together.</summary>
    Fsync,
}
