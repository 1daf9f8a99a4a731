namespace Gateway.Core.Audit;

/// <summary>Takes exactly one record per call, and says beforehand whether it can; takes other events too.</summary>
internal interface ICallJournal
{
    /// <summary>Whether records can be written now; false from the first failed write until writing works again.</summary>
    bool IsAvailable { get; }

    /// <summary>Announces one record. False when the log cannot be written or too many records wait to be: the call must be refused.</summary>
    bool TryAdmit();

    /// <summary>Takes the record of an admitted call; exactly once per successful <see cref="TryAdmit"/>. Never blocks, never throws.</summary>
    void Record(CallRecord record);

    /// <summary>Takes an event that is no call, in one sequence with the calls. Needs no admission: what happened has happened. Never blocks, never throws.</summary>
    void Record(EntityEvent record);

    /// <summary>Completes when everything recorded before is on file; waits for as long as the log cannot be written.</summary>
    Task FlushAsync(CancellationToken cancellationToken);
}
