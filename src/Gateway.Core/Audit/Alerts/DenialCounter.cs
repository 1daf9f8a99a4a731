namespace Gateway.Core.Audit.Alerts;

/// <summary>Counts each agent's denials, minute by minute. Safe for concurrent use.</summary>
/// <remarks>Bounded: beyond its capacity new agents are not counted before the minute is over.</remarks>
internal sealed class DenialCounter(int limit, TimeProvider clock)
{
    private const int Capacity = 10_000;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private long _minuteFrom = clock.GetTimestamp();

    /// <returns>True where this denial makes a burst of those of this minute.</returns>
    public bool Add(string agent)
    {
        lock (_lock)
        {
            if (clock.GetElapsedTime(_minuteFrom) >= Minute)
            {
                _counts.Clear();
                _minuteFrom = clock.GetTimestamp();
            }

            if (!_counts.TryGetValue(agent, out var count) && _counts.Count >= Capacity)
            {
                return false;
            }

            _counts[agent] = count + 1;
            return count + 1 >= limit;
        }
    }
}
