using Gateway.Core.Credentials;

namespace Gateway.Forwarding;

/// <summary>Masks secrets in a stream as it is read, also where they span two reads, without holding back anything else.</summary>
/// <remarks>A mask has the secret's length, so that <c>Content-Length</c> stays true.</remarks>
internal sealed class ScrubbingStream(Stream inner, SecretScrubber scrubber, Action<int> onRead) : Stream
{
    /// <summary>What was read but not given yet: at most one byte less than the longest secret, plus what did not fit.</summary>
    private byte[] _pending = [];
    private int _pendingStart;
    private int _pendingCount;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            // YARP reads zero bytes to wait for data without holding a buffer.
            return _pendingCount > 0 || _ended ? 0 : await ReadInnerAsync(buffer, cancellationToken);
        }

        while (true)
        {
            if (_ended)
            {
                return Give(buffer.Span, _pendingCount);
            }

            // The common case: nothing is held back, and the caller's buffer is filled directly.
            if (_pendingCount == 0)
            {
                var read = await ReadInnerAsync(buffer, cancellationToken);
                if (read == 0)
                {
                    _ended = true;
                    return 0;
                }

                var given = HoldBack(buffer.Span[..read]);
                if (given > 0)
                {
                    onRead(given);
                    return given;
                }

                continue;
            }

            await FillAsync(cancellationToken);
            var ready = _ended ? _pendingCount : _pendingCount - scrubber.PartialMatchAtEnd(_pending.AsSpan(_pendingStart, _pendingCount));
            if (ready > 0)
            {
                return Give(buffer.Span, ready);
            }
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Responses are only read asynchronously.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Masks whole secrets and keeps a partial one at the end for the next read.</summary>
    private int HoldBack(Span<byte> data)
    {
        scrubber.Mask(data);
        var partial = scrubber.PartialMatchAtEnd(data);
        if (partial > 0)
        {
            _pending = data[^partial..].ToArray();
            _pendingStart = 0;
            _pendingCount = partial;
        }

        return data.Length - partial;
    }

    private async ValueTask<int> ReadInnerAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await inner.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException exception)
        {
#pragma warning disable MA0054 // Without the cause: HttpClient quotes a malformed chunk, which may echo the credential.
            throw new IOException($"The upstream broke off ({(exception as HttpIOException)?.HttpRequestError}).");
#pragma warning restore MA0054
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        var grown = new byte[_pendingCount + 4096];
        _pending.AsSpan(_pendingStart, _pendingCount).CopyTo(grown);
        var read = await ReadInnerAsync(grown.AsMemory(_pendingCount), cancellationToken);
        _pending = grown;
        _pendingStart = 0;
        _pendingCount += read;
        _ended = read == 0;
        scrubber.Mask(_pending.AsSpan(0, _pendingCount));
    }

    private int Give(Span<byte> buffer, int available)
    {
        var count = Math.Min(buffer.Length, available);
        _pending.AsSpan(_pendingStart, count).CopyTo(buffer);
        _pendingStart += count;
        _pendingCount -= count;
        onRead(count);
        return count;
    }
}
