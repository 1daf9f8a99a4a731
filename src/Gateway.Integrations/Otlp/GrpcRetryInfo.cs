namespace Gateway.Integrations.Otlp;

/// <summary>When a receiver may be tried again: <c>google.rpc.RetryInfo</c> among the details of a status.</summary>
internal static class GrpcRetryInfo
{
    private const long MostSeconds = 86_400; // delivery waits for less, whatever is asked for

    private static ReadOnlySpan<byte> TypeName => "/google.rpc.RetryInfo"u8;

    /// <param name="details">The text of <c>grpc-status-details-bin</c>: a <c>google.rpc.Status</c> in base64.</param>
    /// <returns>The wait that is asked for, which may be none; null where nothing is said about it.</returns>
    public static TimeSpan? Read(string details)
    {
        // "Implementations must accept padded and un-padded values" (gRPC over HTTP2, Binary-Header).
        var bytes = new byte[details.Length];
        if (!Convert.TryFromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '='), bytes, out var length))
        {
            return null;
        }

        ReadOnlySpan<byte> status = bytes.AsSpan(0, length);
        while (ProtobufReader.TryTakeMessage(ref status, 3, out var any))
        {
            if (ProtobufReader.TryFindMessage(any, 1, out var type) && type.EndsWith(TypeName))
            {
                return ProtobufReader.TryFindMessage(any, 2, out var info) && ProtobufReader.TryFindMessage(info, 1, out var delay) ? Duration(delay) : TimeSpan.Zero;
            }
        }

        return null;
    }

    /// <summary>A <c>google.protobuf.Duration</c>, between nothing and what is reasonable.</summary>
    private static TimeSpan Duration(ReadOnlySpan<byte> duration)
    {
        var seconds = ProtobufReader.TryFindVarint(duration, 1, out var wholes) ? (long)wholes : 0;
        var nanoseconds = ProtobufReader.TryFindVarint(duration, 2, out var parts) ? (long)parts : 0;
        var delay = TimeSpan.FromSeconds(Math.Clamp(seconds, 0, MostSeconds)) + TimeSpan.FromTicks(Math.Clamp(nanoseconds, 0, 999_999_999) / TimeSpan.NanosecondsPerTick);
        return seconds < 0 ? TimeSpan.Zero : delay;
    }
}
