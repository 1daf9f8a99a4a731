namespace Gateway.Core.Audit.Alerts;

/// <summary>Lets an alert through once per window, kind, agent and tool, and so many a minute in all; counts what it holds back.</summary>
/// <remarks>Safe for concurrent use. Remembers a bounded number of agents; those beyond share one entry per kind.</remarks>
internal sealed class AlertGate(AlertLimits limits, TimeProvider clock)
{
    private const int Capacity = 4096;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(AlertKind Kind, string? Agent, string? Tool), Entry> _entries = [];
    private readonly Lock _lock = new();
    private long _minuteFrom = clock.GetTimestamp();
    private int _inMinute;
    private bool _mayForget = true;

    /// <param name="kind">The alert's kind.</param>
    /// <param name="agent">A verified agent; null for what nobody vouches for, so that no liar can fill the memory.</param>
    /// <param name="tool">The tool; null where there is none.</param>
    /// <param name="suppressed">How many like it were held back since the last one.</param>
    public bool TryPass(AlertKind kind, string? agent, string? tool, out long suppressed)
    {
        lock (_lock)
        {
            var entry = Find(kind, agent, tool);
            suppressed = entry.Suppressed;
            if ((entry.PassedAt is { } at && clock.GetElapsedTime(at) < limits.Window) || !TryCount())
            {
                entry.Suppressed++;
                return false;
            }

            entry.PassedAt = clock.GetTimestamp();
            entry.Suppressed = 0;
            return true;
        }
    }

    private bool TryCount()
    {
        if (clock.GetElapsedTime(_minuteFrom) >= Minute)
        {
            _minuteFrom = clock.GetTimestamp();
            _inMinute = 0;
            _mayForget = true;
        }

        if (_inMinute >= limits.MaxPerMinute)
        {
            return false;
        }

        _inMinute++;
        return true;
    }

    private Entry Find(AlertKind kind, string? agent, string? tool)
    {
        if (_entries.TryGetValue((kind, agent, tool), out var entry))
        {
            return entry;
        }

        if (_entries.Count >= Capacity && _mayForget)
        {
            // Once a minute: it looks at every entry, while calls wait.
            _mayForget = false;
            Forget();
        }

        // The shared entries come on top: there are as many as kinds.
        var key = _entries.Count < Capacity ? (kind, agent, tool) : (kind, null, null);
        if (!_entries.TryGetValue(key, out entry))
        {
            _entries[key] = entry = new Entry();
        }

        return entry;
    }

    /// <summary>What was held back and never told goes with its entry only where nothing was.</summary>
    private void Forget()
    {
        foreach (var (key, entry) in _entries)
        {
            if (entry.Suppressed == 0 && entry.PassedAt is { } at && clock.GetElapsedTime(at) >= limits.Window)
            {
                _entries.Remove(key);
            }
        }
    }

    private sealed class Entry
    {
        public long? PassedAt { get; set; }

        public long Suppressed { get; set; }
    }
}
