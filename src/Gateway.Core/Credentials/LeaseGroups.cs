using System.Collections.Concurrent;

namespace Gateway.Core.Credentials;

/// <summary>The slots of each task or agent, so that ending one costs what it holds and not what the store holds.</summary>
internal sealed class LeaseGroups
{
    private readonly ConcurrentDictionary<string, Group> _groups = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _groups.Select(g => g.Key);

    /// <summary>Takes the slot in, as often as it likes; false where the group was ended.</summary>
    public bool TryAdd(string name, LeaseSlot slot)
    {
        while (true)
        {
            var group = _groups.GetOrAdd(name, static _ => new Group());
            lock (group)
            {
                if (group.EndedUntil is not null)
                {
                    return false;
                }

                // One that was removed since it was looked up would be found by nobody.
                if (!group.Removed)
                {
                    group.Slots.Add(slot);
                    return true;
                }
            }
        }
    }

    public void Remove(string name, LeaseSlot slot)
    {
        if (_groups.TryGetValue(name, out var group))
        {
            lock (group)
            {
                // Of an ended one they are kept: who ends it again wants to know what is still under way.
                if (group.EndedUntil is null)
                {
                    group.Slots.Remove(slot);
                    RemoveIfEmpty(name, group);
                }
            }
        }
    }

    public IReadOnlyList<LeaseSlot> Of(string name)
    {
        if (!_groups.TryGetValue(name, out var group))
        {
            return [];
        }

        lock (group)
        {
            return [.. group.Slots];
        }
    }

    public bool HasEnded(string name) => _groups.TryGetValue(name, out var group) && group.EndedUntil is not null;

    /// <summary>Ends the group: whatever is added later is refused.</summary>
    /// <param name="name">The group.</param>
    /// <param name="until">Until when that is remembered, at least.</param>
    /// <returns>What was in it.</returns>
    public IReadOnlyList<LeaseSlot> End(string name, DateTimeOffset until)
    {
        while (true)
        {
            var group = _groups.GetOrAdd(name, static _ => new Group());
            lock (group)
            {
                if (!group.Removed)
                {
                    group.EndedUntil = until;
                    return [.. group.Slots];
                }
            }
        }
    }

    /// <summary>Forgets the ends that have been remembered for long enough.</summary>
    public void Sweep(DateTimeOffset now)
    {
        foreach (var (name, group) in _groups)
        {
            lock (group)
            {
                if (group.EndedUntil <= now)
                {
                    group.EndedUntil = null;
                    group.Slots.Clear();
                    RemoveIfEmpty(name, group);
                }
            }
        }
    }

    private void RemoveIfEmpty(string name, Group group)
    {
        if (group.Slots.Count == 0 && group.EndedUntil is null)
        {
            group.Removed = true;
            _groups.TryRemove(KeyValuePair.Create(name, group));
        }
    }

    private sealed class Group
    {
        public HashSet<LeaseSlot> Slots { get; } = [];

        public DateTimeOffset? EndedUntil { get; set; }

        public bool Removed { get; set; }
    }
}
