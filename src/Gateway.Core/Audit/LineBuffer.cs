namespace Gateway.Core.Audit;

/// <summary>A growing, reused buffer of whole lines that can be cut back to the end of the last good one.</summary>
internal sealed class LineBuffer(int capacity)
{
    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>What was written from an offset on, to be changed in place; good until something is appended.</summary>
    public Span<byte> From(int start) => _bytes.AsSpan(start, Length - start);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - Length);
        Length += count;
    }

    /// <summary>Room for at least <paramref name="size"/> bytes; good until the next call.</summary>
    public Span<byte> GetSpan(int size)
    {
        Reserve(size);
        return _bytes.AsSpan(Length);
    }

    /// <summary>So many bytes more, to be written at once.</summary>
    public Span<byte> Take(int size)
    {
        Reserve(size);
        var taken = _bytes.AsSpan(Length, size);
        Length += size;
        return taken;
    }

    public void Append(byte value)
    {
        Reserve(1);
        _bytes[Length++] = value;
    }

    public void Append(ReadOnlySpan<byte> value)
    {
        value.CopyTo(GetSpan(value.Length));
        Length += value.Length;
    }

    public void CutTo(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Length = length;
    }

    private void Reserve(int size)
    {
        var needed = Length + size;
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }
    }
}
