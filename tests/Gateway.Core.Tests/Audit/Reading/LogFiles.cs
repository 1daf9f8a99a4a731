using System.Text;
using Gateway.Core.Audit;

namespace Gateway.Core.Tests.Audit.Reading;

/// <summary>Writes a call log's files by hand, so that a test decides about every byte of them.</summary>
internal sealed class LogFiles(string directory) : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 22, 30, 0, TimeSpan.Zero);

    private FileStream? _segment;
    private int _segments;

    public string Directory { get; } = System.IO.Directory.CreateDirectory(directory).FullName;

    /// <summary>Sequence of the record that is appended next.</summary>
    public long Next { get; set; } = 1;

    public static string Line(long sequence, string text = "")
    {
        var time = Start.ToUnixTimeMilliseconds() + sequence;
        return $$"""{"class_uid":6003,"severity_id":1,"time":{{time}},"message":"\u0022sequence\u0022:7{{text}}","trace":{"uid":"4bf92f3577b34da6a3ce929d0e0e4736"},"""
            + $$"""
            "entity":{"data":{"sequence":3} },"metadata":{"version":"1.8.0","uid":"uid-{{sequence}}","sequence":{{sequence}},"logged_time":{{time + 1}} } }
            """;
    }

    /// <summary>Begins a segment; its name carries the next sequence, or another.</summary>
    public string Begin(long? first = null)
    {
        _segment?.Dispose();
        var path = Path.Combine(Directory, CallSegmentName.Format(Start.AddSeconds(_segments++), first ?? Next));
        _segment = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return path;
    }

    public void Append(int count, string text = "")
    {
        if (_segment is null)
        {
            Begin();
        }

        for (var index = 0; index < count; index++)
        {
            Write(Line(Next++, text) + "\n");
        }
    }

    public void Write(string text)
    {
        _segment!.Write(Encoding.ASCII.GetBytes(text));
        _segment.Flush();
    }

    public void Cut(long length) => _segment!.SetLength(length);

    public long Length => _segment!.Length;

    public void Dispose() => _segment?.Dispose();
}
