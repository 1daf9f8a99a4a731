namespace Gateway.Core.Tasks;

/// <summary>How many of the tasks that each agent has started run, and how many are held in memory: those, and the ended ones for a while.</summary>
internal sealed class TaskCounts
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (int Running, int Held)> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts a task that is about to start; followed by <see cref="Ended"/>, and by <see cref="Forgotten"/>.</summary>
    /// <returns>Why there is no room for another one; null where it was counted.</returns>
    public string? TryAdd(string starter, TaskLimits limits)
    {
        lock (_gate)
        {
            var (running, held) = _counts.GetValueOrDefault(starter);
            if (running >= limits.MaxRunning || held >= limits.MaxPerHour)
            {
                return running >= limits.MaxRunning
                    ? $"The agent has {limits.MaxRunning} tasks that run; end some of them first."
                    : $"The agent has started {limits.MaxPerHour} tasks that run or ended within the last hour; make fewer of them last longer.";
            }

            _counts[starter] = (running + 1, held + 1);
            return null;
        }
    }

    /// <summary>Counts a task that a process before this one started, whatever the limits are now.</summary>
    public void Restore(string starter, bool runs) => Change(starter, runs ? 1 : 0, 1);

    public void Ended(string starter) => Change(starter, -1, 0);

    public void Forgotten(string starter) => Change(starter, 0, -1);

    private void Change(string starter, int running, int held)
    {
        lock (_gate)
        {
            var former = _counts.GetValueOrDefault(starter);
            _counts[starter] = (former.Running + running, former.Held + held);
            if (_counts[starter].Held == 0)
            {
                _counts.Remove(starter);
            }
        }
    }
}
