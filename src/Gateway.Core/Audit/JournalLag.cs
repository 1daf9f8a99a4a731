namespace Gateway.Core.Audit;

/// <summary>Since when records wait to be written. The writer notes it around its batches, so that calls pay nothing for it.</summary>
internal sealed class JournalLag(JournalQueue queue, TimeProvider clock)
{
    // Whatever waits came after this timestamp; 0 where nothing waits.
    private long _since;

    // So many records had been taken at this later one, which counts as soon as those are written.
    private long _nextCount;
    private long _nextSince;

    /// <summary>How long the oldest record has waited since the writer saw it, or up to two batches more; zero where none waits.</summary>
    public TimeSpan Value => Volatile.Read(ref _since) is var since and not 0 && queue.Pending > 0 ? clock.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>A batch is gathered next.</summary>
    public void Begin()
    {
        if (_since == 0)
        {
            Mark();
            Volatile.Write(ref _since, queue.Pending > 0 ? _nextSince : 0);
        }
    }

    /// <summary>A batch is written.</summary>
    public void Advance()
    {
        if (queue.Pending == 0)
        {
            Volatile.Write(ref _since, 0);
        }
        else if (_since == 0 || queue.Written >= _nextCount)
        {
            Volatile.Write(ref _since, _nextSince);
            Mark();
        }
    }

    private void Mark()
    {
        // In this order, so that whatever is not in the count came after the timestamp.
        _nextSince = clock.GetTimestamp();
        _nextCount = queue.Taken;
    }
}
