using System.Buffers.Binary;
using System.Text;

namespace Gateway.Core.Audit.UnderWay;

/// <summary>Reads what <see cref="SlotWriter"/> wrote, field by field in the same order.</summary>
/// <remarks>Slots that were not written whole are told by their digest before: what is read here is as it was written.</remarks>
internal ref struct SlotReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _rest = source;

    public long Number() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public long? OptionalNumber() => Number() is var value && value == long.MinValue ? null : value;

    public DateTimeOffset? Time() => OptionalNumber() is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public bool Flag() => Take(1)[0] != 0;

    public string? Text() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort))) is var length && length == SlotWriter.None
        ? null
        : Encoding.UTF8.GetString(Take(length));

    public IReadOnlyList<string> Texts()
    {
        var values = new string[BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)))];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = Text() ?? "";
        }

        return values;
    }

    public ReadOnlySpan<byte> Bytes() => Take(Take(1)[0]);

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
