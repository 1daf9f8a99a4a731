namespace Gateway.Core.Audit;

/// <summary>The call log's state, for readiness and for whoever operates the gateway.</summary>
/// <param name="State">Whether records can be written.</param>
/// <param name="Sequence">Sequence number of the last record written; 0 where there is none.</param>
/// <param name="Pending">Records taken and not yet written.</param>
/// <param name="LastError">Why the last failed attempt failed; kept after recovery, null where none ever failed.</param>
/// <param name="LastErrorAt">When that was.</param>
/// <param name="UnsignedSince">Since when records are written that nothing signs for; null while they are signed for.</param>
internal sealed record CallJournalStatus(
    CallJournalState State,
    long Sequence,
    long Pending,
    string? LastError,
    DateTimeOffset? LastErrorAt,
    DateTimeOffset? UnsignedSince);
