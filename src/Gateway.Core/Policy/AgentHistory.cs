namespace Gateway.Core.Policy;

/// <summary>What one agent did lately. Its lock is the agent's alone and held for nanoseconds.</summary>
internal sealed class AgentHistory
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly CountingWindow _callsBySecond = new(TimeSpan.FromSeconds(1));
    private readonly CountingWindow _callsByMinute = new(TimeSpan.FromMinutes(1));
    private readonly CountingWindow _deniedByMinute = new(TimeSpan.FromMinutes(1));
    private readonly Dictionary<string, DateTimeOffset> _tools = new(StringComparer.Ordinal);

    /// <summary>When it was last touched.</summary>
    public DateTimeOffset LastUsed { get; private set; }

    /// <summary>Counts a call in before it is decided, so that of calls at the same moment each sees another number.</summary>
    public CallHistoryView Begin(DateTimeOffset now)
    {
        lock (_gate)
        {
            LastUsed = now;
            var view = new CallHistoryView(this, now, _callsBySecond.Total(now), _callsByMinute.Total(now));
            _callsBySecond.Add(now, 1);
            _callsByMinute.Add(now, 1);
            return view;
        }
    }

    public void Decided(DateTimeOffset at, string tool, bool permitted)
    {
        lock (_gate)
        {
            if (permitted)
            {
                _tools[tool] = at;
                return;
            }

            _callsBySecond.Add(at, -1);
            _callsByMinute.Add(at, -1);
            _deniedByMinute.Add(at, 1);
        }
    }

    public int DeniedLastHour(DateTimeOffset now)
    {
        lock (_gate)
        {
            return _deniedByMinute.Total(now);
        }
    }

    public IReadOnlyList<string> ToolsLastHour(DateTimeOffset now)
    {
        lock (_gate)
        {
            return [.. _tools.Where(t => now - t.Value < Hour).Select(t => t.Key)];
        }
    }
}
