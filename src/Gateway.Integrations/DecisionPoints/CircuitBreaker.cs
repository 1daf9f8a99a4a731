namespace Gateway.Integrations.DecisionPoints;

/// <summary>Keeps calls from queueing for a decision point that does not answer: after some failures in a row one request in a while tries for all.</summary>
/// <remarks>
/// No lock, and one read while all is well. Polly's breaker is not used: it counts a rate over a window instead of failures in a
/// row, and this assembly has no packages.
/// </remarks>
internal sealed class CircuitBreaker(TimeProvider clock)
{
    public const int Threshold = 5;

    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private int _failures;
    private long _lastAttempt;

    /// <summary>Whether a request may be made; its success or failure is to be reported, unless it was given up.</summary>
    public bool TryEnter()
    {
        if (Volatile.Read(ref _failures) < Threshold)
        {
            return true;
        }

        // Whoever moves the time of the last attempt is the one that tries. A probe that is given up needs no undoing: the next one
        // comes a pause later.
        var last = Volatile.Read(ref _lastAttempt);
        return clock.GetElapsedTime(last) >= Pause && Interlocked.CompareExchange(ref _lastAttempt, clock.GetTimestamp(), last) == last;
    }

    public void Succeeded()
    {
        if (Volatile.Read(ref _failures) != 0)
        {
            Volatile.Write(ref _failures, 0);
        }
    }

    public void Failed()
    {
        Volatile.Write(ref _lastAttempt, clock.GetTimestamp());
        Interlocked.Increment(ref _failures);
    }
}
