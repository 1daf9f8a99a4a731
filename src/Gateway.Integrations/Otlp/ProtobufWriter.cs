using System.Buffers.Binary;
using System.Text;
using Gateway.Core.Audit;

namespace Gateway.Integrations.Otlp;

/// <summary>Writes fields of protocol buffers' wire format; those that have their default value are left out, as proto3 has it.</summary>
internal static class ProtobufWriter
{
    private const int VarintType = 0;
    private const int Fixed64Type = 1;
    private const int LengthType = 2;

    public static void Varint(LineBuffer output, int field, ulong value)
    {
        if (value != 0)
        {
            Raw(output, (ulong)((field << 3) | VarintType));
            Raw(output, value);
        }
    }

    public static void Fixed64(LineBuffer output, int field, ulong value)
    {
        if (value != 0)
        {
            Raw(output, (ulong)((field << 3) | Fixed64Type));
            BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(sizeof(ulong)), value);
            output.Advance(sizeof(ulong));
        }
    }

    public static void Text(LineBuffer output, int field, string value) => Bytes(output, field, Encoding.UTF8.GetBytes(value));

    public static void Bytes(LineBuffer output, int field, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            Message(output, field, value);
        }
    }

    /// <summary>A message that is there even if it is empty.</summary>
    public static void Message(LineBuffer output, int field, ReadOnlySpan<byte> content)
    {
        Begin(output, field, content.Length);
        output.Append(content);
    }

    /// <summary>The head of a message whose content is written next.</summary>
    public static void Begin(LineBuffer output, int field, int length)
    {
        Raw(output, (ulong)((field << 3) | LengthType));
        Raw(output, (ulong)length);
    }

    private static void Raw(LineBuffer output, ulong value)
    {
        while (value >= 0x80)
        {
            output.Append((byte)(value | 0x80));
            value >>= 7;
        }

        output.Append((byte)value);
    }
}
