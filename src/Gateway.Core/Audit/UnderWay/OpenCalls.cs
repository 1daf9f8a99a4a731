using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Audit.UnderWay;

/// <summary>Calls whose decision is on stable ground and whose record is not: what a process that is killed leaves to the next.</summary>
/// <remarks>Any thread opens calls; the journal's writer alone does everything else.</remarks>
/// <param name="directory">The log's directory.</param>
/// <param name="regionSlots">By how many calls there is room for more.</param>
/// <param name="capacity">How many may be under way at most.</param>
internal sealed class OpenCalls(string directory, int regionSlots, int capacity) : IDisposable
{
    private readonly SlotStack _free = new(capacity);
    private readonly Lock _growing = new();
    private volatile OpenCallFile? _file;

    /// <summary>Puts what is known of a call where it survives the process. False where there is no room: nothing may be forwarded.</summary>
    public bool TryOpen(CallRecord record, out OpenCall open)
    {
        open = default;
        Span<byte> payload = stackalloc byte[OpenCallFile.PayloadBytes];
        if (_file is null || !TryTake(out var slot))
        {
            return false;
        }

        var written = payload[..OpenCallCodec.Write(record, payload)];

        // The file is replaced where its directory was lost, and what was copied before this slot was written lacks it.
        OpenCallFile file;
        do
        {
            file = _file;
            file.Write(slot, written);
        }
        while (file != _file);

        open = OpenCall.At(slot);
        return true;
    }

    /// <summary>Opens the file, and returns what the process before left open, except what its records say; null where that is known already.</summary>
    /// <param name="lastSequence">The last record on file.</param>
    public IReadOnlyList<(OpenCall Open, CallRecord Record)>? Restore(long lastSequence)
    {
        if (_file is not { } lost)
        {
            return Recover(OpenCallFile.Open(directory, regionSlots, regionSlots, capacity), lastSequence);
        }

        if (!lost.IsInPlace())
        {
            Replace(lost);
        }

        return null;
    }

    /// <exception cref="IOException">The file is gone, or was replaced.</exception>
    public void Check()
    {
        if (_file?.IsInPlace() == false)
        {
            throw new FileNotFoundException($"The file of calls under way in '{directory}' was deleted or moved.");
        }
    }

    public void Mark(OpenCall open, long sequence) => _file?.Mark(open.Slot, sequence);

    public void Close(OpenCall open)
    {
        _file?.Clear(open.Slot);
        _free.Push(open.Slot);
    }

    /// <summary>Brings everything opened before to the disk.</summary>
    public void Flush() => _file?.Flush();

    public void Dispose() => _file?.Dispose();

    private bool TryTake(out int slot)
    {
        if (_free.TryPop(out slot))
        {
            return true;
        }

        lock (_growing)
        {
            if (_free.TryPop(out slot))
            {
                return true;
            }

            return TryGrow() && _free.TryPop(out slot);
        }
    }

    private bool TryGrow()
    {
        if (_file is not { } file || file.Count + regionSlots > capacity)
        {
            return false;
        }

        try
        {
            var first = file.Count;
            file.Grow();
            Release(first, file.Count);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The disk is full: the calls that have room go on, and this one is refused.
            return false;
        }
    }

    private List<(OpenCall Open, CallRecord Record)> Recover(OpenCallFile file, long lastSequence)
    {
        var found = new List<(OpenCall, CallRecord)>();
        var count = Math.Min(file.Count, capacity);
        for (var slot = count - 1; slot >= 0; slot--)
        {
            if (file.Read(slot) is { } left && !(left.Sequence > 0 && left.Sequence <= lastSequence) && TryDecode(left.Payload, out var record))
            {
                // Its mark of an earlier attempt would speak of another record by the next one.
                file.Mark(slot, 0);
                found.Add((OpenCall.At(slot), record));
            }
            else
            {
                file.Clear(slot);
                _free.Push(slot);
            }
        }

        found.Sort((a, b) => a.Item2.StartedAt.CompareTo(b.Item2.StartedAt));
        _file = file;
        return found;
    }

    private static bool TryDecode(byte[] payload, [NotNullWhen(true)] out CallRecord? record)
    {
        try
        {
            record = OpenCallCodec.Read(payload);
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or UriFormatException)
        {
            record = null;
            return false;
        }
    }

    /// <summary>A new file with what the lost one held. Calls are opened meanwhile: in both, where they saw the lost one last.</summary>
    private void Replace(OpenCallFile lost)
    {
        lock (_growing)
        {
            var file = OpenCallFile.Open(directory, regionSlots, lost.Count, lost.Count);
            _file = file;
            for (var slot = 0; slot < lost.Count; slot++)
            {
                if (lost.Read(slot) is { } open)
                {
                    file.Write(slot, open.Payload);
                }
            }
        }

        // Not disposed of: a call that is being opened may still be writing to it. Its end is the finalizer's.
    }

    private void Release(int first, int end)
    {
        for (var slot = end - 1; slot >= first; slot--)
        {
            _free.Push(slot);
        }
    }
}
