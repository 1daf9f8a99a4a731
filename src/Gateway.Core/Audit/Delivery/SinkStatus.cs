namespace Gateway.Core.Audit.Delivery;

/// <summary>How a sink fares.</summary>
/// <param name="Delivered">The last record that the receiver has had; 0 where it has had none.</param>
/// <param name="OldestPending">When the oldest record was logged that is known to wait; null where none is.</param>
/// <param name="Problem">Why the last attempt failed, as a sentence in the gateway's words; null where it did not.</param>
/// <param name="Rejected">How many records the receiver has dropped for good since the start.</param>
internal sealed record SinkStatus(long Delivered, DateTimeOffset? OldestPending, string? Problem, long Rejected)
{
    public static readonly SinkStatus Unknown = new(0, null, null, 0);
}
