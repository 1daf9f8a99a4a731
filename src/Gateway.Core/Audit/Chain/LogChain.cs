using System.Security.Cryptography;

namespace Gateway.Core.Audit.Chain;

/// <summary>The hash chain over the log's lines: each line's value covers the line and the value before it.</summary>
/// <remarks>Not for concurrent use. The form is in deploy/call-log.md.</remarks>
internal sealed class LogChain : IDisposable
{
    public const int HashBytes = SHA256.HashSizeInBytes;
    public const int Digits = 2 * HashBytes;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _last = new byte[HashBytes];

    /// <summary>What a line carries where its value will be.</summary>
    public static ReadOnlySpan<byte> Placeholder => "0000000000000000000000000000000000000000000000000000000000000000"u8;

    /// <summary>Value of the last line: 32 bytes, zero before the first.</summary>
    public ReadOnlySpan<byte> Last => _last;

    public string LastHex => Convert.ToHexStringLower(_last);

    /// <param name="last">Value of the last line on file.</param>
    public void Continue(ReadOnlySpan<byte> last) => last.CopyTo(_last);

    /// <summary>Puts a line's value into it.</summary>
    /// <param name="line">The line without its line feed.</param>
    /// <param name="digitsAt">Where its <see cref="Placeholder"/> is.</param>
    public void Seal(Span<byte> line, int digitsAt)
    {
        _hash.AppendData(_last);
        _hash.AppendData(line);
        _hash.GetHashAndReset(_last);
        Convert.TryToHexStringLower(_last, line.Slice(digitsAt, Digits), out _);
    }

    public void Dispose() => _hash.Dispose();
}
