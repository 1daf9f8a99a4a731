using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Core.Audit.Reading;

/// <summary>Reads the call log's files from a given record on, across segments, while the gateway goes on writing them.</summary>
/// <remarks>Not for concurrent use. Holds nothing back from the writer: files are shared for writing and deletion.</remarks>
/// <param name="directory">The log's directory; may not exist yet.</param>
/// <param name="after">Sequence number of the last record that is not wanted; 0 for all.</param>
/// <param name="chunkBytes">About how much is read at once. Default 256 KiB.</param>
internal sealed class CallLogReader(string directory, long after, int chunkBytes = 256 * 1024) : IDisposable
{
    /// <summary>No record is nearly as long: what is longer is no line of the log, and must not fill the memory.</summary>
    public const int MaxLineBytes = 16 * 1024 * 1024;

    private static readonly byte[] SequenceName = "\"sequence\":"u8.ToArray();

    private readonly List<CallLogLine> _lines = [];

    // Segments that begin with the same record: an empty one with its successor, or one that was written anew.
    private readonly HashSet<string> _opened = new(StringComparer.Ordinal);
    private byte[] _buffer = new byte[chunkBytes];
    private SafeFileHandle? _file;
    private long _offset;
    private long _first;

    /// <summary>Sequence number of the last record handed out. What follows may be further on where segments were deleted.</summary>
    public long Last { get; private set; } = after;

    /// <summary>The next whole lines, oldest first; empty where there are none yet. Good until the next call.</summary>
    /// <exception cref="IOException">A file cannot be read now; the next call goes on where this one failed.</exception>
    /// <exception cref="UnauthorizedAccessException">So too.</exception>
    public IReadOnlyList<CallLogLine> Read()
    {
        _lines.Clear();
        while (_lines.Count == 0)
        {
            if (Take())
            {
                continue;
            }

            if (FindNext() is not { } next)
            {
                break;
            }

            // Once more: what was written to this segment before the next one began may have come after the first look.
            if (!Take())
            {
                Open(next.Path, next.First);
            }
        }

        return _lines;
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>The segment with the first record that is wanted; once one is open, the one after it.</summary>
    private (long First, string Path)? FindNext()
    {
        if (!Directory.Exists(directory))
        {
            return null;
        }

        (long First, string Path)? holding = null, following = null;
        foreach (var path in Directory.EnumerateFiles(directory, CallSegmentName.Pattern))
        {
            if (!CallSegmentName.TryParse(Path.GetFileName(path), out var first) || first < _first || _opened.Contains(path))
            {
                continue;
            }

            if (_file is null && first <= Last + 1)
            {
                holding = first > (holding?.First ?? 0) && IsFilled(path) ? (first, path) : holding;
            }
            else if (first < (following?.First ?? long.MaxValue) && IsFilled(path))
            {
                following = (first, path);
            }
        }

        return holding ?? following;
    }

    /// <summary>A start that wrote nothing leaves an empty file behind, and its successor begins with the same record.</summary>
    private static bool IsFilled(string path) => new FileInfo(path) is { Exists: true, Length: > 0 };

    private void Open(string path, long first)
    {
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _file?.Dispose();
        _file = file;
        _offset = 0;
        if (first != _first)
        {
            _opened.Clear();
        }

        _opened.Add(path);
        _first = first;
    }

    /// <summary>Takes the whole lines that follow; false where there is none.</summary>
    private bool Take()
    {
        if (_file is null)
        {
            return false;
        }

        // An unfinished line is read again from its beginning: a writer that recovers from a crash cuts it off and goes on there.
        int count, whole;
        while (true)
        {
            count = RandomAccess.Read(_file, _buffer, _offset);
            whole = _buffer.AsSpan(0, count).LastIndexOf((byte)'\n') + 1;
            if (whole > 0 || count < _buffer.Length)
            {
                break;
            }

            if (_buffer.Length >= MaxLineBytes)
            {
                throw new IOException($"The segment that begins with record {_first} holds a line of more than {MaxLineBytes} bytes.");
            }

            _buffer = new byte[2 * _buffer.Length];
        }

        for (var start = 0; start < whole;)
        {
            var length = _buffer.AsSpan(start, whole - start).IndexOf((byte)'\n');
            var json = _buffer.AsMemory(start, length);
            if (TryReadSequence(json.Span, out var sequence) && sequence > Last)
            {
                _lines.Add(new CallLogLine(sequence, json, new CallPlace(_first, _offset + start)));
                Last = sequence;
            }

            start += length + 1;
        }

        _offset += whole;
        return whole > 0;
    }

    /// <summary>The metadata come last, and quotes in values are escaped: the last occurrence is the event's own.</summary>
    private static bool TryReadSequence(ReadOnlySpan<byte> line, out long sequence)
    {
        sequence = 0;
        var at = line.LastIndexOf(SequenceName);
        return at >= 0 && Utf8Parser.TryParse(line[(at + SequenceName.Length)..], out sequence, out _);
    }
}
