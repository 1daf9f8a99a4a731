namespace Gateway.Core.Audit.Delivery;

/// <summary>What became of a batch. The zero value delivers nothing.</summary>
internal enum DeliveryOutcome
{
    /// <summary>It may work the next time: the receiver is down or busy.</summary>
    Failed = 0,

    /// <summary>The receiver refuses, and will until somebody changes something. Nothing is skipped.</summary>
    Refused,

    Accepted,
}
