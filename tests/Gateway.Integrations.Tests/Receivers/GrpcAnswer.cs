using System.Buffers.Binary;
using System.Text;

namespace Gateway.Integrations.Tests.Receivers;

/// <summary>How a call over gRPC is answered. By default: OK, with an empty message.</summary>
internal sealed record GrpcAnswer
{
    /// <summary>The status of HTTP.</summary>
    public int HttpStatus { get; init; } = 200;

    public string ContentType { get; init; } = "application/grpc";

    /// <summary>The status of gRPC; null: none is sent.</summary>
    public string? Status { get; init; } = "0";

    /// <summary>What <c>grpc-message</c> says; null: nothing.</summary>
    public string? Message { get; init; }

    /// <summary>A <c>google.rpc.Status</c> in base64; null: none.</summary>
    public string? Details { get; init; }

    /// <summary>The bytes of the body.</summary>
    public byte[] Body { get; init; } = Frame([]);

    /// <summary>Whether the status stands in the headers, and there is nothing else.</summary>
    public bool IsTrailersOnly { get; init; }

    /// <summary>A message as it travels.</summary>
    public static byte[] Frame(byte[] message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    /// <summary>A status with some detail before the one that says when to come again.</summary>
    /// <param name="delay">A <c>google.protobuf.Duration</c>; null: a <c>RetryInfo</c> without one.</param>
    /// <param name="type">Of the second detail.</param>
    public static byte[] RetryInfo(byte[]? delay, string type = "type.googleapis.com/google.rpc.RetryInfo")
    {
        byte[] other = [.. Field(1, "type.googleapis.com/google.rpc.Help"u8), .. Field(2, [0x0A, 0x00])];
        byte[] retry = [.. Field(1, Encoding.ASCII.GetBytes(type)), .. Field(2, delay is null ? [] : Field(1, delay))];
        return [0x08, 0x08, .. Field(2, "canary-answer"u8), .. Field(3, other), .. Field(3, retry)];
    }

    /// <summary>A field that holds bytes, fewer than 128.</summary>
    private static byte[] Field(int number, ReadOnlySpan<byte> content) => [(byte)((number << 3) | 2), checked((byte)content.Length), .. content];
}
