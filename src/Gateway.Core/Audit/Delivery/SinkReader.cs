using Gateway.Core.Audit.Reading;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Audit.Delivery;

/// <summary>What a sink has not had yet. Notices where the files are another log than the one that its place is in, and where records are gone.</summary>
/// <param name="name">The sink's.</param>
/// <param name="directory">The log's.</param>
/// <param name="options">How much is read at once.</param>
/// <param name="journal">Where records that are gone are recorded.</param>
/// <param name="clock">For that record.</param>
/// <param name="logger">For operators.</param>
internal sealed class SinkReader(string name, string directory, DeliveryOptions options, ICallJournal journal, TimeProvider clock, ILogger logger) : IDisposable
{
    private const int High = 4;

    private CallLogReader _reader = new(directory, 0, options.BatchBytes);

    // The record that the sink has had last, to be found again before anything is delivered that comes after it.
    private SinkCursor? _anchor;

    // Null: whatever the files begin with is the first record.
    private long? _last;

    // Told of already; whoever goes back before a gap comes upon it again.
    private long _missed;

    public void Dispose() => _reader.Dispose();

    /// <summary>Goes on after a record, whether the files hold it or another of its number.</summary>
    public void Start(SinkCursor cursor)
    {
        _anchor = cursor.Sequence > 0 ? cursor : null;
        _last = cursor.Sequence > 0 ? cursor.Sequence : null;
        Reopen(Math.Max(0, cursor.Sequence - 1));
    }

    /// <summary>Goes back to after a record that was read before.</summary>
    public void Rewind(SinkCursor cursor)
    {
        _last = cursor.Sequence > 0 ? cursor.Sequence : null;
        Reopen(cursor.Sequence);
    }

    /// <summary>The next records; empty where there are none now. Good until the next call.</summary>
    /// <param name="startsAnew">Whether these are records of another log than before.</param>
    /// <exception cref="IOException">A file cannot be read now.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public IReadOnlyList<CallLogLine> Read(out bool startsAnew)
    {
        startsAnew = false;
        var lines = _reader.Read();
        if (_anchor is { } anchor)
        {
            startsAnew = lines.Count > 0 ? lines[0].Sequence == anchor.Sequence && SinkCursor.At(lines[0]) != anchor : HoldsAny();
            if (startsAnew)
            {
                DeliveryLog.StartsAnew(logger, name, anchor.Sequence);
                Start(SinkCursor.Start);
                lines = _reader.Read();
            }
            else if (lines.Count == 0)
            {
                return lines;
            }
            else if (lines[0].Sequence == anchor.Sequence)
            {
                lines = [.. lines.Skip(1)];
            }

            _anchor = null;
        }

        foreach (var line in lines)
        {
            if (_last is { } last && line.Sequence > last + 1 && line.Sequence - 1 > _missed)
            {
                _missed = line.Sequence - 1;
                Report(last + 1, _missed);
            }

            _last = line.Sequence;
        }

        return lines;
    }

    /// <summary>Whether there is a record at all: one before the place of the sink, since there is none after it.</summary>
    private bool HoldsAny()
    {
        using var all = new CallLogReader(directory, 0);
        return all.Read().Count > 0;
    }

    private void Reopen(long after)
    {
        _reader.Dispose();
        _reader = new CallLogReader(directory, after, options.BatchBytes);
    }

    private void Report(long first, long last)
    {
        DeliveryLog.Missed(logger, name, first, last);
        var now = clock.GetUtcNow();
        journal.Record(new EntityEvent
        {
            Id = Guid.CreateVersion7(now).ToString(),
            At = now,
            Activity = EntityActivity.Read,
            Type = "Audit Sink",
            Entity = name,
            Succeeded = false,
            Severity = High,
            StatusDetail = "missed",
            Message = "Records were gone from the call log's files before this sink had them.",
            Data = [new("first_sequence", first), new("last_sequence", last)],
        });
    }
}
