using Microsoft.Win32.SafeHandles;

namespace Gateway.Core.Audit;

/// <summary>One file of the call log, open for appending by the only writer.</summary>
internal sealed class CallSegment : IDisposable
{
    private readonly FileStream _file;
    private readonly OpenFilePlace _place;
    private bool _mayBeTorn;

    private CallSegment(FileStream file, string path, DateTimeOffset createdAt, long firstSequence)
    {
        CreatedAt = createdAt;
        _file = file;
        _place = new OpenFilePlace(path, file.SafeFileHandle);
        Path = path;
        FirstSequence = firstSequence;
    }

    public string Path { get; }

    public DateTimeOffset CreatedAt { get; }

    public long FirstSequence { get; }

    /// <summary>Bytes known to be written: whole lines, all of them acknowledged.</summary>
    public long Length { get; private set; }

    /// <summary>Where the file went; null where it was deleted.</summary>
    public string? MovedTo => _place.MovedTo;

    private SafeFileHandle Handle => _file.SafeFileHandle;

    public static CallSegment Create(string directory, DateTimeOffset now, long firstSequence)
    {
        while (true)
        {
            var path = System.IO.Path.Combine(directory, CallSegmentName.Format(now, firstSequence));
            if (File.Exists(path))
            {
                // A start that wrote nothing may have left this name behind within the same second.
                now = now.AddSeconds(1);
                continue;
            }

            // CreateNew, so that a link planted under this name is never followed.
            return new CallSegment(PrivateFile.Open(path, FileMode.CreateNew, FileShare.Read | FileShare.Delete), path, now, firstSequence);
        }
    }

    /// <summary>Writes whole lines after the last acknowledged one, or throws and acknowledges none of them.</summary>
    /// <param name="lines">Whole lines.</param>
    /// <param name="flush">Whether they are to reach the disk itself.</param>
    public void Append(ReadOnlySpan<byte> lines, bool flush)
    {
        try
        {
            CutBack();
            if (!HasExpectedLength())
            {
                throw new IOException($"'{Path}' was changed by someone else.");
            }

            _mayBeTorn = true;
            RandomAccess.Write(Handle, lines, Length);
            if (flush)
            {
                RandomAccess.FlushToDisk(Handle);
            }

            // Looked at after the write: a file deleted before it must not count as written.
            if (!_place.IsInPlace())
            {
                throw new IOException($"'{Path}' was {(MovedTo is null ? "deleted" : "moved")} by someone else.");
            }

            Length += lines.Length;
            _mayBeTorn = false;
        }
        catch
        {
            TryCutBack();
            throw;
        }
    }

    public bool IsInPlace() => _place.IsInPlace();

    /// <summary>Whether the file holds what was written, no less and no more.</summary>
    public bool HasExpectedLength() => _mayBeTorn || RandomAccess.GetLength(Handle) == Length;

    /// <summary>Copies the acknowledged lines to another segment; works for a deleted file for as long as it is open.</summary>
    public void CopyTo(CallSegment target, bool flush)
    {
        var buffer = new byte[256 * 1024];
        for (long offset = 0; offset < Length;)
        {
            var count = RandomAccess.Read(Handle, buffer.AsSpan(0, (int)Math.Min(buffer.Length, Length - offset)), offset);
            if (count == 0)
            {
                throw new IOException($"'{Path}' ended at byte {offset} of {Length}.");
            }

            offset += count;
            target.Append(buffer.AsSpan(0, count), flush: flush && offset == Length);
        }
    }

    public void Dispose()
    {
        TryCutBack();
        _file.Dispose();
    }

    private void TryCutBack()
    {
        try
        {
            CutBack();
        }
        catch (IOException)
        {
            // The next attempt writes over the same bytes; until then the next start would cut the line off.
        }
    }

    /// <summary>Removes what a failed attempt may have left, so that the file ends with a whole line.</summary>
    private void CutBack()
    {
        if (_mayBeTorn)
        {
            RandomAccess.SetLength(Handle, Length);
            _mayBeTorn = false;
        }
    }
}
