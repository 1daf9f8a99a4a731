using System.Threading.Channels;

namespace Gateway.Core.Audit;

/// <summary>Records between the calls and the writer, and how many there are at each step. Safe for concurrent use.</summary>
internal sealed class JournalQueue
{
    private readonly Channel<PendingRecord> _records = Channel.CreateUnbounded<PendingRecord>(new UnboundedChannelOptions { SingleReader = true });
    private int _checkQueued;
    private long _announced;
    private long _taken;
    private long _written;

    /// <summary>Records that were announced and are not written.</summary>
    public long Outstanding => Volatile.Read(ref _announced);

    /// <summary>Records taken so far.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Of those, how many are on file.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>Records taken that are not on file.</summary>
    public long Pending => Taken - Written;

    /// <summary>Says that a record will come.</summary>
    public void Announce() => Interlocked.Increment(ref _announced);

    /// <summary>Takes a record that was announced; false after <see cref="Complete"/>.</summary>
    public bool TryAdd(PendingRecord record)
    {
        Interlocked.Increment(ref _taken);
        if (_records.Writer.TryWrite(record))
        {
            return true;
        }

        Interlocked.Decrement(ref _taken);
        return false;
    }

    /// <summary>A record that was announced does not come.</summary>
    public void Withdraw() => Interlocked.Decrement(ref _announced);

    /// <summary>Asks the writer to look after the directory, so that only the writer ever touches files.</summary>
    public void AskForCheck()
    {
        if (Interlocked.Exchange(ref _checkQueued, 1) == 0)
        {
            _records.Writer.TryWrite(default);
        }
    }

    /// <summary>Takes no more.</summary>
    public void Complete() => _records.Writer.TryComplete();

    /// <summary>The next record, or the next request for a check.</summary>
    public bool TryRead(out PendingRecord record)
    {
        if (!_records.Reader.TryRead(out record))
        {
            return false;
        }

        if (record.IsCheck)
        {
            Volatile.Write(ref _checkQueued, 0);
        }

        return true;
    }

    /// <summary>Waits for something to read; false where nothing will come any more.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _records.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>So many more are on file.</summary>
    public void Acknowledge(int count)
    {
        Interlocked.Add(ref _announced, -count);
        Volatile.Write(ref _written, _written + count);
    }
}
