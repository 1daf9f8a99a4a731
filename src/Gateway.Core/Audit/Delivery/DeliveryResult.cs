namespace Gateway.Core.Audit.Delivery;

/// <summary>What became of a batch.</summary>
internal readonly record struct DeliveryResult
{
    public DeliveryOutcome Outcome { get; private init; }

    /// <summary>What is wrong, as a sentence in the gateway's words: never the receiver's, which could hold anything. Null where it was accepted.</summary>
    public string? Problem { get; private init; }

    /// <summary>How long the receiver asks to be left alone; null where it does not.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>The last record that is safe with the receiver, where that is not the batch's last; else null.</summary>
    public long? Confirmed { get; private init; }

    /// <summary>How many of the batch the receiver has dropped for good.</summary>
    public long Rejected { get; private init; }

    /// <param name="rejected">How many of them the receiver has dropped for good.</param>
    public static DeliveryResult Accepted(long rejected = 0) => new() { Outcome = DeliveryOutcome.Accepted, Rejected = rejected };

    /// <summary>Sent by a way that acknowledges nothing.</summary>
    /// <param name="confirmed">The last record that has surely arrived.</param>
    public static DeliveryResult Sent(long confirmed) => new() { Outcome = DeliveryOutcome.Accepted, Confirmed = confirmed };

    public static DeliveryResult Failed(string problem, TimeSpan? retryAfter = null) => new() { Problem = problem, RetryAfter = retryAfter };

    public static DeliveryResult Refused(string problem) => new() { Outcome = DeliveryOutcome.Refused, Problem = problem };
}
