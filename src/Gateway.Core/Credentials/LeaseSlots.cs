using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Credentials;

/// <summary>The slots by key, no more than a given number.</summary>
internal sealed class LeaseSlots(int capacity)
{
    private readonly ConcurrentDictionary<LeaseSlotKey, LeaseSlot> _slots = new();
    private int _count;

    /// <summary>Counted here: asking the dictionary would lock all of it.</summary>
    public int Count => Volatile.Read(ref _count);

    public bool TryGet(in LeaseSlotKey key, [NotNullWhen(true)] out LeaseSlot? slot) => _slots.TryGetValue(key, out slot);

    /// <returns>Null where there is no slot for the key and no room for one.</returns>
    public LeaseSlot? GetOrAdd(LeaseSlotKey key)
    {
        if (_slots.TryGetValue(key, out var slot))
        {
            return slot;
        }

        if (Interlocked.Increment(ref _count) <= capacity)
        {
            var added = new LeaseSlot(key);
            slot = _slots.GetOrAdd(key, added);
            if (ReferenceEquals(slot, added))
            {
                return slot;
            }
        }

        Interlocked.Decrement(ref _count);
        return slot ?? _slots.GetValueOrDefault(key);
    }

    public void Remove(LeaseSlot slot)
    {
        if (_slots.TryRemove(KeyValuePair.Create(slot.Key, slot)))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>Closes and removes the slots whose key matches.</summary>
    public void Close(Func<LeaseKey, bool> predicate)
    {
        foreach (var (key, slot) in _slots)
        {
            if (predicate(key.Key))
            {
                slot.Close();
                Remove(slot);
            }
        }
    }

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
    }
}
