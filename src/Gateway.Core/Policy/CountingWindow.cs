namespace Gateway.Core.Policy;

/// <summary>Counts events of the last sixty steps of time. Not for concurrent use.</summary>
/// <param name="step">Length of one step.</param>
internal sealed class CountingWindow(TimeSpan step)
{
    private const int Steps = 60;

    private readonly int[] _counts = new int[Steps];
    private long _latest;
    private int _total;

    /// <summary>Adds to the count of a time; what is older than the window is left alone.</summary>
    public void Add(DateTimeOffset at, int amount)
    {
        var index = at.UtcTicks / step.Ticks;
        Advance(index);
        if (index > _latest - Steps)
        {
            _counts[(int)(index % Steps)] += amount;
            _total += amount;
        }
    }

    /// <summary>The count of the window that ends at a time.</summary>
    public int Total(DateTimeOffset at)
    {
        Advance(at.UtcTicks / step.Ticks);
        return _total;
    }

    /// <remarks>A clock that was set back counts into the latest step there was.</remarks>
    private void Advance(long index)
    {
        for (var next = Math.Max(_latest + 1, index - Steps + 1); next <= index; next++)
        {
            var slot = (int)(next % Steps);
            _total -= _counts[slot];
            _counts[slot] = 0;
        }

        _latest = Math.Max(_latest, index);
    }
}
