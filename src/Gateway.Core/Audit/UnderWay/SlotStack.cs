namespace Gateway.Core.Audit.UnderWay;

/// <summary>Slots that are free, the last freed first, so that few pages of the file are ever touched. Safe for concurrent use without a lock.</summary>
/// <param name="capacity">The highest index that may ever be pushed, plus one.</param>
internal sealed class SlotStack(int capacity)
{
    private readonly int[] _below = new int[capacity];

    // One more than the top's index in the lower half, the count of changes in the upper: without the count a slot that was
    // taken and freed meanwhile would pass for unchanged, with another one below it.
    private long _top;

    public void Push(int slot)
    {
        long top;
        do
        {
            top = Volatile.Read(ref _top);
            Volatile.Write(ref _below[slot], (int)top);
        }
        while (Interlocked.CompareExchange(ref _top, Next(top, slot + 1), top) != top);
    }

    public bool TryPop(out int slot)
    {
        while (true)
        {
            var top = Volatile.Read(ref _top);
            slot = (int)top - 1;
            if (slot < 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _top, Next(top, Volatile.Read(ref _below[slot])), top) == top)
            {
                return true;
            }
        }
    }

    private static long Next(long top, int entry) => unchecked((((top >> 32) + 1) << 32) | (uint)entry);
}
