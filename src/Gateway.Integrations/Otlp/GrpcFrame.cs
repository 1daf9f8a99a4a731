using System.Buffers.Binary;
using Gateway.Integrations.Receivers;

namespace Gateway.Integrations.Otlp;

/// <summary>A message as it travels ("gRPC over HTTP2", Length-Prefixed-Message): whether it is compressed, its length, itself.</summary>
internal static class GrpcFrame
{
    private const int PrefixLength = 5;

    public static byte[] Write(ReadOnlySpan<byte> message, bool compress)
    {
        var content = compress ? Gzip.Compress(message) : message;
        var frame = new byte[PrefixLength + content.Length];
        frame[0] = compress ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)content.Length);
        content.CopyTo(frame.AsSpan(PrefixLength));
        return frame;
    }

    /// <summary>The message of an answer that is exactly one; compressed it cannot be, since nobody has said that it may.</summary>
    public static bool TryRead(ReadOnlySpan<byte> answer, out ReadOnlySpan<byte> message)
    {
        message = default;
        if (answer.Length < PrefixLength || answer[0] != 0 || BinaryPrimitives.ReadUInt32BigEndian(answer[1..]) != (uint)(answer.Length - PrefixLength))
        {
            return false;
        }

        message = answer[PrefixLength..];
        return true;
    }
}
