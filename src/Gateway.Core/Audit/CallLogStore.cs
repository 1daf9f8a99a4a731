using Gateway.Core.Audit.Chain;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Audit;

/// <summary>The log's directory: its lock and its newest segment. Used by the journal's writer alone, one call at a time.</summary>
/// <remarks>
/// Data reaches the page cache, so that it survives the end of the process; with <see cref="CallJournalDurability.Fsync"/>
/// it reaches the disk. Every method throws on a fault and may be called again: nothing is acknowledged that is not written,
/// and nothing is written twice.
/// </remarks>
internal sealed class CallLogStore(CallJournalOptions options, TimeProvider timeProvider, ILogger logger) : IDisposable
{
    private DirectoryLock? _lock;
    private CallSegment? _segment;
    private bool _recovered;
    private string? _breach;

    /// <summary>Sequence number of the last record on file; known after the first <see cref="Restore()"/>.</summary>
    public long LastSequence { get; private set; }

    /// <summary>What was found changed by somebody else since this was last asked, for whoever has to look; null where nothing was.</summary>
    public string? TakeBreach() => Interlocked.Exchange(ref _breach, null);

    /// <summary>Whether the newest segment is large or old enough to be followed by another.</summary>
    public bool IsSegmentFull => _segment is { Length: > 0 } segment
        && (segment.Length >= options.SegmentBytes || timeProvider.GetUtcNow() - segment.CreatedAt >= options.SegmentAge);

    /// <summary>Bytes until the newest segment is full.</summary>
    public long Room => options.SegmentBytes - (_segment?.Length ?? 0);

    /// <summary>Brings directory, lock and segment back into a state in which appending can succeed.</summary>
    /// <returns>Where the log on file ended, at the first success; null after that.</returns>
    public LogTail? Restore()
    {
        PrivateFile.CreateDirectory(options.Directory);
        if (_lock?.IsInPlace() != true)
        {
            _lock?.Dispose();
            _lock = null;
            _lock = DirectoryLock.Take(options.Directory);
            ThrowIfContinuedByAnother();
        }

        _lock.Touch(timeProvider.GetUtcNow());
        LogTail? found = null;
        if (!_recovered)
        {
            found = CallLogTail.Recover(options.Directory, logger);
            LastSequence = found.Value.Sequence;
            _recovered = true;
        }

        if (_segment is not null)
        {
            Restore(_segment);
        }

        return found;
    }

    /// <summary>Goes on after a record that is no longer on file: numbers are never given twice.</summary>
    public void SkipTo(long sequence) => LastSequence = sequence;

    /// <summary>Throws where appending would fail although nothing is being appended.</summary>
    public void Check()
    {
        if (_lock?.IsInPlace() != true)
        {
            throw new DirectoryNotFoundException($"The call log's directory '{options.Directory}' was deleted or moved.");
        }

        _lock.Touch(timeProvider.GetUtcNow());
        if (_segment is not null && !_segment.IsInPlace())
        {
            throw new FileNotFoundException($"The call log's segment '{_segment.Path}' was deleted or moved.");
        }

        if (_segment?.HasExpectedLength() == false)
        {
            throw new IOException($"The call log's segment '{_segment.Path}' was changed by someone else.");
        }
    }

    /// <summary>Appends whole lines whose numbers follow <see cref="LastSequence"/>: all of them or none.</summary>
    public void Append(ReadOnlySpan<byte> lines, int count)
    {
        _segment ??= CallSegment.Create(options.Directory, timeProvider.GetUtcNow(), LastSequence + 1);
        _segment.Append(lines, flush: options.Durability == CallJournalDurability.Fsync);
        LastSequence += count;
    }

    /// <summary>Has the next record begin a segment.</summary>
    public void EndSegment()
    {
        _segment?.Dispose();
        _segment = null;
    }

    public void Dispose()
    {
        _segment?.Dispose();
        _lock?.Dispose();
    }

    /// <summary>Where the lock was lost for a while, somebody else may have gone on with the log: two chains must not become one file.</summary>
    private void ThrowIfContinuedByAnother()
    {
        if (_recovered && CallLogTail.Newest(options.Directory) is { } newest && newest.First > LastSequence && newest.Path != _segment?.Path)
        {
            _lock?.Dispose();
            _lock = null;
            throw new IOException($"Another gateway has written to '{options.Directory}' while its lock was lost: '{newest.Path}' is not of this process. Restart this gateway to go on behind it.");
        }
    }

    private void Restore(CallSegment segment)
    {
        if (!segment.IsInPlace())
        {
            if (segment.MovedTo is { } movedTo)
            {
                _breach = $"The segment with records {segment.FirstSequence} to {LastSequence} was moved away while it was written.";
                JournalLog.SegmentMoved(logger, segment.Path, movedTo, segment.FirstSequence, LastSequence);
            }
            else
            {
                _segment = Rescue(segment);
                _breach = $"The segment with records {segment.FirstSequence} to {LastSequence} was deleted while it was written; it was written anew.";
                JournalLog.SegmentRewritten(logger, segment.Path, _segment.Path, segment.FirstSequence, LastSequence);
                segment.Dispose();
                return;
            }
        }
        else if (!segment.HasExpectedLength())
        {
            _breach = $"The segment with records {segment.FirstSequence} to {LastSequence} was changed by somebody else: they may be lost or forged.";
            JournalLog.SegmentChanged(logger, segment.Path, segment.Length, segment.FirstSequence, LastSequence);
        }
        else
        {
            return;
        }

        segment.Dispose();
        _segment = null;
    }

    /// <summary>A deleted file lives for as long as it is open: its records are written anew instead of being lost.</summary>
    private CallSegment Rescue(CallSegment deleted)
    {
        var copy = CallSegment.Create(options.Directory, timeProvider.GetUtcNow(), deleted.FirstSequence);
        try
        {
            deleted.CopyTo(copy, flush: options.Durability == CallJournalDurability.Fsync);
            return copy;
        }
        catch
        {
            copy.Dispose();
            File.Delete(copy.Path);
            throw;
        }
    }
}
