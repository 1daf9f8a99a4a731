using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Integrations.Linux;

/// <summary>SHA-256 of programs, each file read once.</summary>
internal sealed class ExecutableDigests : IDisposable
{
    /// <summary>Beyond it a file is no program but a way to keep the gateway reading.</summary>
    private const ulong MaxBytes = 1UL << 30;

    private const int MaxEntries = 1024;
    private const int BlockBytes = 128 * 1024;

    private readonly ConcurrentDictionary<FileIdentity, string> _known = new();

    // One at a time: whoever may connect may also start many large programs.
    private readonly SemaphoreSlim _turn = new(1);

    /// <returns>64 hexadecimal digits; null where the file cannot be read, is too large, or changed meanwhile.</returns>
    public async ValueTask<string?> ComputeAsync(SafeFileHandle file, CancellationToken cancellationToken)
    {
        if (FileIdentity.Of(file) is not { Size: <= MaxBytes } identity)
        {
            return null;
        }

        if (_known.TryGetValue(identity, out var known))
        {
            return known;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_known.TryGetValue(identity, out known))
            {
                return known;
            }

            var digest = await HashAsync(file, cancellationToken);
            if (FileIdentity.Of(file) != identity)
            {
                return null;
            }

            if (_known.Count >= MaxEntries)
            {
                _known.Clear();
            }

            _known[identity] = digest;
            return digest;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static async Task<string> HashAsync(SafeFileHandle file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            int read;
            for (long offset = 0; (read = await RandomAccess.ReadAsync(file, buffer, offset, cancellationToken)) > 0; offset += read)
            {
                hash.AppendData(buffer, 0, read);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
