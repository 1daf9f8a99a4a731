using System.Buffers.Binary;
using System.Text;

namespace Gateway.Core.Audit.UnderWay;

/// <summary>Writes fields one after another into a slot of fixed size, each as far as a record of the log holds it; what does not fit is left out and said to be.</summary>
internal ref struct SlotWriter(Span<byte> target)
{
    /// <summary>Length in place of a text that is null.</summary>
    public const ushort None = ushort.MaxValue;

    // What all numbers and the lengths of all texts take at most, so that a long text leaves room for what comes after it.
    private const int Reserved = 512;

    private readonly Span<byte> _target = target;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Whether a text was cut or left out.</summary>
    public bool IsCut { get; private set; }

    public void Number(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_target[Length..], value);
        Length += sizeof(long);
    }

    public void Number(long? value) => Number(value ?? long.MinValue);

    public void Time(DateTimeOffset? value) => Number(value?.UtcTicks);

    public void Flag(bool value) => _target[Length++] = value ? (byte)1 : (byte)0;

    /// <param name="value">The text.</param>
    /// <param name="limit">How many characters the record may have of it, one of <see cref="OcsfLimits"/>.</param>
    public void Text(string? value, int limit)
    {
        if (value is null || !TryText(value, limit))
        {
            IsCut |= value is not null;
            WriteLength(None);
        }
    }

    /// <param name="values">The texts.</param>
    /// <param name="limit">As for <see cref="Text"/>, of each.</param>
    public void Texts(IReadOnlyList<string> values, int limit)
    {
        var countAt = Length;
        WriteLength(0);
        ushort count = 0;
        foreach (var value in values)
        {
            if (count == OcsfLimits.Items || !TryText(value, limit))
            {
                IsCut = true;
                break;
            }

            count++;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(_target[countAt..], count);
    }

    public void Bytes(scoped ReadOnlySpan<byte> value)
    {
        _target[Length++] = (byte)value.Length;
        value.CopyTo(_target[Length..]);
        Length += value.Length;
    }

    private bool TryText(string value, int limit)
    {
        var bounded = OcsfLimits.Bound(value, limit);
        IsCut |= bounded.Length < value.Length;
        var room = _target.Length - Length - sizeof(ushort) - Reserved;
        if (room <= 0 || !Encoding.UTF8.TryGetBytes(bounded, _target.Slice(Length + sizeof(ushort), Math.Min(room, None - 1)), out var count))
        {
            return false;
        }

        WriteLength((ushort)count);
        Length += count;
        return true;
    }

    private void WriteLength(ushort length)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_target[Length..], length);
        Length += sizeof(ushort);
    }
}
