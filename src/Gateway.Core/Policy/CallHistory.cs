using System.Collections.Concurrent;

namespace Gateway.Core.Policy;

/// <summary>What every agent did in the last hour, as policy may ask. In memory: a restart forgets it.</summary>
internal sealed class CallHistory
{
    private const int Capacity = 100_000;
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, AgentHistory> _agents = new(StringComparer.Ordinal);
    private readonly Lock _evicting = new();
    private int _count;

    /// <summary>Counts a call in; what policy decides about it is told by <see cref="CallHistoryView.Decided"/>.</summary>
    public CallHistoryView Begin(string agent, DateTimeOffset now) =>
        (_agents.TryGetValue(agent, out var history) ? history : Add(agent, now)).Begin(now);

    private AgentHistory Add(string agent, DateTimeOffset now)
    {
        if (Volatile.Read(ref _count) >= Capacity)
        {
            MakeRoom(now);
        }

        var history = new AgentHistory();
        var kept = _agents.GetOrAdd(agent, history);
        if (ReferenceEquals(kept, history))
        {
            Interlocked.Increment(ref _count);
        }

        return kept;
    }

    /// <summary>Forgets who was silent for an hour, and where that is not enough the eighth that was silent for longest.</summary>
    private void MakeRoom(DateTimeOffset now)
    {
        lock (_evicting)
        {
            var byAge = _agents.Select(a => (a.Key, a.Value.LastUsed)).OrderBy(a => a.LastUsed).ToList();
            foreach (var (agent, lastUsed) in byAge.Take(Capacity / 8).Concat(byAge.Skip(Capacity / 8).TakeWhile(a => now - a.LastUsed > Memory)))
            {
                if (_agents.TryRemove(agent, out _))
                {
                    Interlocked.Decrement(ref _count);
                }
            }
        }
    }
}
