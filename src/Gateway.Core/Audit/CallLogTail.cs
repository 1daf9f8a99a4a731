using System.Text.Json;
using Gateway.Core.Audit.Chain;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Core.Audit;

/// <summary>Finds where the last run ended: the sequence number to continue from, and a line that it could not finish.</summary>
internal static class CallLogTail
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Finds the last whole record; cuts off an unfinished line.</summary>
    public static LogTail Recover(string directory, ILogger logger)
    {
        var segments = NewestFirst(directory).ToList();
        if (segments.Count == 0)
        {
            return default;
        }

        var (newest, first) = segments[0];
        return RecoverNewest(newest, first, logger) ?? FindBefore(first, segments.Skip(1).Select(segment => segment.Path));
    }

    /// <summary>The segment with the highest numbers; null where there is none.</summary>
    public static (string Path, long First)? Newest(string directory) => NewestFirst(directory).Cast<(string, long)?>().FirstOrDefault();

    /// <summary>The last record of a segment that nobody writes any more.</summary>
    public static LogTail? Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var end = LineStart(file.SafeFileHandle, file.Length);
        if (end == 0)
        {
            return null;
        }

        var start = LineStart(file.SafeFileHandle, end - 1);
        var line = new byte[end - 1 - start];
        ReadExactly(file.SafeFileHandle, line, start);
        return TryRead(line, out var last) ? last : null;
    }

    /// <summary>By sequence, not by name: a clock set back must not turn an older segment into the newest.</summary>
    private static IEnumerable<(string Path, long First)> NewestFirst(string directory) =>
        from path in Directory.EnumerateFiles(directory, CallSegmentName.Pattern)
        let name = CallSegmentName.Parse(Path.GetFileName(path))
        where name is not null
        orderby name.Value.First descending, new FileInfo(path).Length descending
        select (path, name.Value.First);

    /// <returns>Null where the segment holds no whole line: the process ended before it had written its first.</returns>
    private static LogTail? RecoverNewest(string path, long first, ILogger logger)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 0);
        var length = file.Length;
        var end = LineStart(file.SafeFileHandle, length);
        if (end < length)
        {
            CutOff(file, path, end, length, logger);
        }

        return end == 0 ? null : ReadLast(file, path, first, end, logger);
    }

    /// <summary>The record before one that was never written: the last of the newest segment that holds any.</summary>
    private static LogTail FindBefore(long first, IEnumerable<string> older)
    {
        var last = older.Select(Read).FirstOrDefault(tail => tail is not null);
        return last?.Sequence == first - 1 ? last.Value : new LogTail(first - 1, null);
    }

    private static LogTail ReadLast(FileStream file, string path, long first, long end, ILogger logger)
    {
        var start = LineStart(file.SafeFileHandle, end - 1);
        var line = new byte[end - 1 - start];
        ReadExactly(file.SafeFileHandle, line, start);
        if (TryRead(line, out var last) && last.Sequence >= first)
        {
            return last;
        }

        // Sequence numbers are gapless, so that the count of lines tells what the spoilt line no longer does.
        last = new LogTail(first - 1 + CountLines(file.SafeFileHandle, end), null);
        JournalLog.LastLineUnreadable(logger, path, last.Sequence);
        return last;
    }

    private static bool TryRead(ReadOnlySpan<byte> line, out LogTail last)
    {
        last = default;
        try
        {
            var reader = new Utf8JsonReader(line);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            if (!root.GetProperty("metadata"u8).GetProperty("sequence"u8).TryGetInt64(out var sequence))
            {
                return false;
            }

            var chain = Convert.FromHexString(root.GetProperty("unmapped"u8).GetProperty("gateway"u8).GetProperty("chain_sha256"u8).GetString() ?? "");
            last = new LogTail(sequence, chain);
            return chain.Length == LogChain.HashBytes;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Keeps the bytes of an unfinished line as evidence beside the segment, and ends the segment before it.</summary>
    private static void CutOff(FileStream file, string path, long end, long length, ILogger logger)
    {
        var torn = new byte[length - end];
        ReadExactly(file.SafeFileHandle, torn, end);
        using (var side = PrivateFile.Open(path + ".torn", FileMode.OpenOrCreate, FileShare.Read))
        {
            side.Seek(0, SeekOrigin.End);
            side.Write(torn);
            side.Flush(flushToDisk: true);
        }

        RandomAccess.SetLength(file.SafeFileHandle, end);
        JournalLog.TornLineCut(logger, path, torn.Length);
    }

    /// <summary>Offset behind the last line feed before <paramref name="end"/>; 0 where there is none.</summary>
    private static long LineStart(SafeFileHandle file, long end)
    {
        var buffer = new byte[ChunkBytes];
        while (end > 0)
        {
            var chunk = buffer.AsSpan(0, (int)Math.Min(ChunkBytes, end));
            ReadExactly(file, chunk, end - chunk.Length);
            var index = chunk.LastIndexOf((byte)'\n');
            if (index >= 0)
            {
                return end - chunk.Length + index + 1;
            }

            end -= chunk.Length;
        }

        return 0;
    }

    private static long CountLines(SafeFileHandle file, long end)
    {
        var buffer = new byte[ChunkBytes];
        long lines = 0;
        for (long offset = 0; offset < end;)
        {
            var chunk = buffer.AsSpan(0, (int)Math.Min(ChunkBytes, end - offset));
            ReadExactly(file, chunk, offset);
            lines += chunk.Count((byte)'\n');
            offset += chunk.Length;
        }

        return lines;
    }

    private static void ReadExactly(SafeFileHandle file, Span<byte> target, long offset)
    {
        while (!target.IsEmpty)
        {
            var count = RandomAccess.Read(file, target, offset);
            if (count == 0)
            {
                throw new EndOfStreamException("The segment became shorter while it was read.");
            }

            target = target[count..];
            offset += count;
        }
    }
}
