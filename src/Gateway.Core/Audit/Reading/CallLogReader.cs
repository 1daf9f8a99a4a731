using System.Buffers.Text;

namespace Gateway.Core.Audit.Reading;

/// <summary>Reads the call log's files from a given record on, across segments, while the gateway goes on writing them.</summary>
/// <remarks>Not for concurrent use. Holds nothing back from the writer: files are shared for writing and deletion.</remarks>
/// <param name="directory">The log's directory; may not exist yet.</param>
/// <param name="after">Sequence number of the last record that is not wanted; 0 for all.</param>
internal sealed class CallLogReader(string directory, long after) : IDisposable
{
    private static readonly byte[] SequenceName = "\"sequence\":"u8.ToArray();

    private readonly List<CallLogLine> _lines = [];
    private byte[] _buffer = new byte[256 * 1024];
    private byte[] _spare = new byte[256 * 1024];
    private int _pending;
    private FileStream? _file;
    private string? _path;
    private long _first;

    /// <summary>Sequence number of the last record handed out. What follows may be further on where segments were deleted.</summary>
    public long Last { get; private set; } = after;

    /// <summary>The next whole lines, oldest first; empty where there are none yet. Good until the next call.</summary>
    /// <exception cref="IOException">A file cannot be read now; the next call goes on where this one failed.</exception>
    public IReadOnlyList<CallLogLine> Read()
    {
        _lines.Clear();
        while (_lines.Count == 0)
        {
            // Looked for before the end of this segment is: whatever is found after it began was written before it.
            var next = FindNext();
            if (_file is not null && Fill())
            {
                Take();
            }
            else if (next is not { } found)
            {
                break;
            }
            else
            {
                Open(found.Path, found.First);
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

        (long First, string Path)? before = null, following = null;
        foreach (var path in Directory.EnumerateFiles(directory, CallSegmentName.Pattern))
        {
            if (!CallSegmentName.TryParse(Path.GetFileName(path), out var first) || path == _path || (_file is not null && first <= _first))
            {
                continue;
            }

            // A start that wrote nothing leaves an empty file behind, and its successor begins with the same record.
            var isFilled = new FileInfo(path) is { Exists: true, Length: > 0 };
            if (isFilled && first <= Last + 1 && _file is null && (before is null || first > before.Value.First))
            {
                before = (first, path);
            }
            else if (isFilled && (following is null || first < following.Value.First))
            {
                following = (first, path);
            }
        }

        return before ?? following;
    }

    private void Open(string path, long first)
    {
        _file?.Dispose();
        _file = null;
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _path = path;
        _first = first;
        _pending = 0;
    }

    private bool Fill()
    {
        if (_pending == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        var count = _file!.Read(_buffer, _pending, _buffer.Length - _pending);
        _pending += count;
        return count > 0;
    }

    /// <summary>Hands out the whole lines of the buffer and keeps the rest for the next time.</summary>
    private void Take()
    {
        var whole = _buffer.AsSpan(0, _pending).LastIndexOf((byte)'\n') + 1;
        for (var start = 0; start < whole;)
        {
            var length = _buffer.AsSpan(start, whole - start).IndexOf((byte)'\n');
            var json = _buffer.AsMemory(start, length);
            if (TryReadSequence(json.Span, out var sequence) && sequence > Last)
            {
                _lines.Add(new CallLogLine(sequence, json));
                Last = sequence;
            }

            start += length + 1;
        }

        // The lines handed out stay where they are until the next call: the rest moves into the other buffer.
        var rest = _buffer.AsSpan(whole, _pending - whole);
        if (_spare.Length < _buffer.Length)
        {
            _spare = new byte[_buffer.Length];
        }

        rest.CopyTo(_spare);
        (_buffer, _spare) = (_spare, _buffer);
        _pending = rest.Length;
    }

    /// <summary>The metadata come last, and quotes in values are escaped: the last occurrence is the event's own.</summary>
    private static bool TryReadSequence(ReadOnlySpan<byte> line, out long sequence)
    {
        sequence = 0;
        var at = line.LastIndexOf(SequenceName);
        return at >= 0 && Utf8Parser.TryParse(line[(at + SequenceName.Length)..], out sequence, out _);
    }
}
