using System.Buffers;

namespace Gateway.Tasks;

/// <summary>A body that is held in memory as a whole, and so only up to a bound.</summary>
internal static class BoundedBody
{
    /// <summary>For requests to the gateway's own APIs.</summary>
    public const int MaxRequestBytes = 64 * 1024;

    /// <returns>Null where it is larger.</returns>
    public static async ValueTask<byte[]?> ReadAsync(Stream body, int maxBytes, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(maxBytes + 1);
        try
        {
            var length = await body.ReadAtLeastAsync(buffer.AsMemory(0, maxBytes + 1), maxBytes + 1, throwOnEndOfStream: false, cancellationToken);
            return length > maxBytes ? null : buffer[..length];
        }
        finally
        {
            // It may have held a token.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }
}
