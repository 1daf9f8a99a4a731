using Microsoft.Win32.SafeHandles;

namespace Gateway.Core.Audit.Verification;

/// <summary>Reads a segment in blocks of whole lines, up to the length that it had when the directory was listed.</summary>
/// <remarks>Whatever is written later belongs to the next verification: else one of a busy log would not end.</remarks>
internal sealed class SegmentReader : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly long _end;
    private byte[] _rest = [];
    private long _offset;

    public SegmentReader(SegmentFile segment)
    {
        _file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        _end = segment.Length;
    }

    /// <summary>Bytes after the last line feed; known at the end.</summary>
    public long Unfinished { get; private set; }

    /// <returns>False at the end.</returns>
    public bool TryRead(LineBlock block)
    {
        while (block.Space.Length < _rest.Length)
        {
            block.TryGrow();
        }

        _rest.CopyTo(block.Space);
        block.IsTooLong = false;
        for (var filled = _rest.Length; ;)
        {
            var count = Read(block.Space[filled..]);
            filled += count;
            var bytes = block.Space.Span[..filled];
            var whole = bytes.LastIndexOf((byte)'\n') + 1;
            if (whole > 0)
            {
                block.Length = whole;
                _rest = bytes[whole..].ToArray();
                return true;
            }

            if (count == 0 && filled < block.Space.Length)
            {
                Unfinished += filled;
                _rest = [];
                return false;
            }

            if (filled == block.Space.Length && !block.TryGrow())
            {
                block.IsTooLong = true;
                block.Length = 0;
                return SkipLine(block.Space, filled);
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private bool SkipLine(Memory<byte> space, long skipped)
    {
        while (Read(space) is > 0 and var count)
        {
            var end = space.Span[..count].IndexOf((byte)'\n');
            if (end >= 0)
            {
                _offset -= count - end - 1;
                _rest = [];
                return true;
            }

            skipped += count;
        }

        Unfinished += skipped;
        _rest = [];
        return false;
    }

    private int Read(Memory<byte> space)
    {
        var wanted = (int)Math.Min(space.Length, _end - _offset);
        var count = wanted == 0 ? 0 : RandomAccess.Read(_file, space.Span[..wanted], _offset);
        _offset += count;
        return count;
    }
}
