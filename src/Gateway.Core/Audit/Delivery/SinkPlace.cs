using Gateway.Core.Audit.Reading;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Audit.Delivery;

/// <summary>Where a sink is in the log: what its receiver was given, what of it has surely arrived, and the file that remembers that.</summary>
internal sealed class SinkPlace(string name, string path, TimeSpan interval, TimeProvider clock, ILogger logger)
{
    private readonly SinkCursorFile _file = new(path);

    // The ends of the batches that were given since, oldest first.
    private readonly Queue<SinkCursor> _inDoubt = new();
    private SinkCursor _confirmed = SinkCursor.Start;
    private SinkCursor _saved = SinkCursor.Start;
    private long _savedAt;
    private bool _failed;
    private long _sequence;

    /// <summary>The last record that need not be given again.</summary>
    public SinkCursor Confirmed => _confirmed;

    /// <summary>As <see cref="Confirmed"/>, for other threads.</summary>
    public long ConfirmedSequence => Volatile.Read(ref _sequence);

    /// <summary>Whether the receiver was given what it has not answered for.</summary>
    public bool IsInDoubt => _inDoubt.Count > 0;

    public void Load()
    {
        try
        {
            _saved = _file.Read() ?? SinkCursor.Start;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            DeliveryLog.CursorNotRead(logger, name, path, exception.Message);
        }

        Set(_saved);
    }

    /// <summary>The receiver was given everything up to a record.</summary>
    public void Advance(CallLogLine last) => _inDoubt.Enqueue(SinkCursor.At(last));

    /// <summary>What was given has arrived up to a record; null: all of it.</summary>
    public void Confirm(long? sequence)
    {
        while (_inDoubt.TryPeek(out var given) && given.Sequence <= (sequence ?? long.MaxValue))
        {
            Set(_inDoubt.Dequeue());
        }

        if (clock.GetElapsedTime(_savedAt) >= interval)
        {
            Save();
        }
    }

    /// <summary>What was given and is not confirmed is to be given again.</summary>
    public void Return() => _inDoubt.Clear();

    /// <summary>The files are another log.</summary>
    public void StartAnew()
    {
        _inDoubt.Clear();
        Set(SinkCursor.Start);
    }

    /// <summary>Writes the place down, if it is another than the one on file.</summary>
    public void Save()
    {
        _savedAt = clock.GetTimestamp();
        if (_confirmed == _saved || _confirmed.Sequence == 0)
        {
            return;
        }

        try
        {
            _file.Write(_confirmed);
            (_saved, _failed) = (_confirmed, false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Delivery goes on: what a restart would deliver twice says so itself, by its sequence.
            if (!_failed)
            {
                DeliveryLog.CursorNotWritten(logger, name, path, exception.Message);
                _failed = true;
            }
        }
    }

    private void Set(SinkCursor cursor)
    {
        _confirmed = cursor;
        Volatile.Write(ref _sequence, cursor.Sequence);
    }
}
