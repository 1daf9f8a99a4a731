using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Credentials;

/// <summary>The slots by key, no more than a given number, and by the task and the agent of their keys.</summary>
internal sealed class LeaseSlots(int capacity)
{
    private readonly ConcurrentDictionary<LeaseSlotKey, LeaseSlot> _slots = new();
    private readonly LeaseGroups _tasks = new();
    private readonly LeaseGroups _agents = new();
    private int _count;

    /// <summary>Counted here: asking the dictionary would lock all of it.</summary>
    public int Count => Volatile.Read(ref _count);

    public bool TryGet(in LeaseSlotKey key, [NotNullWhen(true)] out LeaseSlot? slot) => _slots.TryGetValue(key, out slot);

    /// <returns>Null where there is no slot for the key and no room for one.</returns>
    public LeaseSlot? GetOrAdd(LeaseSlotKey key, DateTimeOffset? taskExpiresAt)
    {
        if (_slots.TryGetValue(key, out var slot))
        {
            return slot;
        }

        if (Interlocked.Increment(ref _count) <= capacity)
        {
            var added = new LeaseSlot(key) { TaskExpiresAt = taskExpiresAt };
            slot = _slots.GetOrAdd(key, added);
            if (ReferenceEquals(slot, added))
            {
                return slot;
            }
        }

        Interlocked.Decrement(ref _count);
        return slot ?? _slots.GetValueOrDefault(key);
    }

    /// <summary>Lets the slot be found by its task and agent; false where the task has ended.</summary>
    /// <remarks>Before anything is issued into it: what is issued must end with the task. It may have been removed meanwhile, so look at <see cref="LeaseSlot.IsClosed"/> afterwards.</remarks>
    public bool TryEnroll(LeaseSlot slot)
    {
        var key = slot.Key.Key;
        if (key.Task.Length > 0 && !_tasks.TryAdd(key.Task, slot))
        {
            return false;
        }

        _agents.TryAdd(key.Agent, slot);
        return true;
    }

    public void Remove(LeaseSlot slot)
    {
        if (_slots.TryRemove(KeyValuePair.Create(slot.Key, slot)))
        {
            Interlocked.Decrement(ref _count);
        }

        var key = slot.Key.Key;
        _agents.Remove(key.Agent, slot);
        if (key.Task.Length > 0)
        {
            _tasks.Remove(key.Task, slot);
        }
    }

    /// <summary>The task's slots, as the last ones it ever has: no other can be enrolled.</summary>
    public IReadOnlyList<LeaseSlot> EndTask(string task, DateTimeOffset until) => _tasks.End(task, until);

    public IReadOnlyList<LeaseSlot> OfAgents(Func<string, bool> predicate) => [.. _agents.Names.Where(predicate).SelectMany(_agents.Of)];

    public IReadOnlyList<LeaseSlot> OfTask(string task) => _tasks.Of(task);

    public IReadOnlyList<LeaseSlot> OfAgent(string agent) => _agents.Of(agent);

    public bool HasEnded(string task) => task.Length > 0 && _tasks.HasEnded(task);

    /// <summary>All of them, in no order.</summary>
    public IReadOnlyList<LeaseSlot> All() => [.. _slots.Select(s => s.Value)];

    /// <summary>Removes the slots in which nothing lives.</summary>
    public void Sweep(DateTimeOffset now)
    {
        foreach (var (_, slot) in _slots)
        {
            if (slot.TryExpire(now))
            {
                Remove(slot);
            }
        }

        _tasks.Sweep(now);
    }
}
