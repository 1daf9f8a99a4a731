using Microsoft.Win32.SafeHandles;

namespace Gateway.Core.Audit.Reading;

/// <summary>Reads single lines of the log whose places are known. Opens each segment once; for one question, not for concurrent use.</summary>
internal sealed class CallLogFiles(string directory) : IDisposable
{
    private readonly Dictionary<long, SafeFileHandle?> _open = [];
    private ILookup<long, string>? _paths;

    /// <summary>The first sequence numbers of the segments on file, ascending; empty where there are none.</summary>
    public static IReadOnlyList<long> Segments(string directory) => [.. List(directory).Select(segment => segment.First).Distinct().Order()];

    /// <summary>When the segment that begins with this record was last written.</summary>
    public static DateTimeOffset LastWrite(string directory, long segment) =>
        List(directory).Where(found => found.First == segment).Select(found => new DateTimeOffset(File.GetLastWriteTimeUtc(found.Path))).DefaultIfEmpty().Max();

    /// <returns>The bytes there; null where the segment is gone or ends before them.</returns>
    /// <exception cref="IOException">The segment cannot be read now.</exception>
    public byte[]? Read(CallPlace place, int length)
    {
        if (Open(place.Segment) is not { } file)
        {
            return null;
        }

        var line = new byte[length];
        return RandomAccess.Read(file, line, place.Offset) == length ? line : null;
    }

    public void Dispose()
    {
        foreach (var file in _open.Values)
        {
            file?.Dispose();
        }
    }

    private SafeFileHandle? Open(long segment)
    {
        if (_open.TryGetValue(segment, out var known))
        {
            return known;
        }

        _paths ??= List(directory).ToLookup(found => found.First, found => found.Path);
        SafeFileHandle? file = null;
        try
        {
            // A start that wrote nothing leaves an empty file behind, and its successor begins with the same record.
            var path = _paths[segment].MaxBy(found => new FileInfo(found) is { Exists: true } info ? info.Length : 0);
            file = path is null ? null : File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            // Deleted by retention since it was listed.
        }

        return _open[segment] = file;
    }

    private static IEnumerable<(long First, string Path)> List(string directory)
    {
        if (!Directory.Exists(directory))
        {
            yield break;
        }

        foreach (var path in Directory.EnumerateFiles(directory, CallSegmentName.Pattern))
        {
            if (CallSegmentName.TryParse(Path.GetFileName(path), out var first))
            {
                yield return (first, path);
            }
        }
    }
}
