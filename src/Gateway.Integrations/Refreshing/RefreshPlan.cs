namespace Gateway.Integrations.Refreshing;

/// <summary>What a <see cref="RefreshLoop{T}"/> keeps current, and how.</summary>
/// <typeparam name="T">What is kept; immutable, told apart by reference.</typeparam>
internal sealed class RefreshPlan<T>
    where T : class
{
    /// <summary>Reads it once: the value in force and when it is asked for go in.</summary>
    public required Func<T?, DateTimeOffset, CancellationToken, ValueTask<T>> Read { get; init; }

    /// <summary>Read before <see cref="Read"/> for as long as there is no value; null where there is nothing else to read.</summary>
    public Func<T?, DateTimeOffset, CancellationToken, ValueTask<T>>? Bootstrap { get; init; }

    /// <summary>How long to wait for the next one, by the value in force and the failures in a row.</summary>
    public required Func<T?, int, TimeSpan> NextDelay { get; init; }

    /// <summary>Told of every reading.</summary>
    public required Action<Refresh<T>> Report { get; init; }
}
