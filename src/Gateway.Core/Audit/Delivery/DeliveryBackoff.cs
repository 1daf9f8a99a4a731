namespace Gateway.Core.Audit.Delivery;

/// <summary>How long to wait between attempts: twice as long each time, with jitter, and never less than the receiver asks for.</summary>
internal sealed class DeliveryBackoff(DeliveryOptions options)
{
    private int _failures;

    public void Reset() => _failures = 0;

    public TimeSpan Next(DeliveryResult result)
    {
        // Half to one and a half of it, so that gateways whose receiver comes back do not all come at once.
        var jitter = 0.5 + Random.Shared.NextDouble();
        if (result.Outcome == DeliveryOutcome.Refused)
        {
            return options.RefusedPause * jitter;
        }

        var pause = Shorter(options.FirstPause * Math.Pow(2, Math.Min(_failures++, 30)), options.LongestPause) * jitter;
        return result.RetryAfter is { } asked && asked > pause ? Shorter(asked, options.LongestRetryAfter) : pause;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
