namespace Gateway.Core.Credentials;

/// <summary>Takes what happens to leases into the log.</summary>
internal interface ILeaseJournal
{
    /// <summary>Never blocks, never throws.</summary>
    void Record(LeaseEvent lease);
}
