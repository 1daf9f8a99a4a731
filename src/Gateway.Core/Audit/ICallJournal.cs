using Gateway.Core.Audit.UnderWay;

namespace Gateway.Core.Audit;

/// <summary>Takes exactly one record per call, and says beforehand whether it can; takes other events too.</summary>
internal interface ICallJournal
{
    /// <summary>Whether records can be written now; false from the first failed write until writing works again.</summary>
    bool IsAvailable { get; }

    /// <summary>Announces one record. False when the log cannot be written or too many records wait to be: the call must be refused.</summary>
    bool TryAdmit();

    /// <summary>
    /// Puts what was decided of an admitted call on stable ground, before anything of it may reach an upstream: from here on
    /// the call is in the log even if the process is killed. None where that cannot be done: the call must be refused.
    /// </summary>
    ValueTask<OpenCall> OpenAsync(CallRecord record, CancellationToken cancellationToken);

    /// <summary>Takes the record of an admitted call; exactly once per successful <see cref="TryAdmit"/>. Never blocks, never throws.</summary>
    /// <param name="record">The record.</param>
    /// <param name="open">What <see cref="OpenAsync"/> gave for it; none where it was not asked.</param>
    void Record(CallRecord record, OpenCall open = default);

    /// <summary>Takes an event that is no call, in one sequence with the calls. Needs no admission: what happened has happened. Never blocks, never throws.</summary>
    void Record(EntityEvent record);

    /// <summary>Takes an alert, as an event.</summary>
    void Record(AlertEvent record);

    /// <summary>Completes when everything recorded before is on file; waits for as long as the log cannot be written.</summary>
    Task FlushAsync(CancellationToken cancellationToken);
}
