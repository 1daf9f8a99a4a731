using Microsoft.Extensions.Logging;

namespace Gateway.Core.Audit;

/// <summary>Whether the log can be written, as the writer last found it; tells the operator of changes and not of every attempt.</summary>
internal sealed class JournalHealth(CallJournalOptions options, TimeProvider timeProvider, ILogger logger)
{
    private const int AttemptsPerReminder = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private volatile bool _available;
    private volatile CallJournalStatus _status = new(CallJournalState.Starting, 0, 0, null, null, null);
    private long _sequence;
    private long _faultedSince;
    private long _watchedSince;
    private int _attempts;

    /// <summary>A disk that takes nothing and reports nothing is noticed, too: what is admitted meanwhile may never be written.</summary>
    public bool IsAvailable => _available && !(Volatile.Read(ref _watchedSince) is > 0 and var since && timeProvider.GetElapsedTime(since) > Patience);

    public string? LastError => _status.LastError;

    public CallJournalStatus Report(long pending) => _status with { Sequence = Volatile.Read(ref _sequence), Pending = pending };

    /// <summary>Watches one access to the disk, until it is disposed of.</summary>
    public DiskWatch Watch()
    {
        Volatile.Write(ref _watchedSince, Math.Max(1, timeProvider.GetTimestamp()));
        return new DiskWatch(this);
    }

    public void Succeed(long sequence)
    {
        Volatile.Write(ref _sequence, sequence);
        if (_available)
        {
            return;
        }

        if (_attempts == 0)
        {
            JournalLog.Opened(logger, options.Directory, sequence + 1);
        }
        else
        {
            JournalLog.Resumed(logger, options.Directory, timeProvider.GetElapsedTime(_faultedSince), sequence + 1);
        }

        _attempts = 0;
        _status = _status with { State = CallJournalState.Available };
        _available = true;
    }

    public void Fail(Exception exception)
    {
        _available = false;
        if (_attempts == 0)
        {
            _faultedSince = timeProvider.GetTimestamp();
        }

        if (_attempts % AttemptsPerReminder == 0 || !string.Equals(exception.Message, _status.LastError, StringComparison.Ordinal))
        {
            if (exception is IOException or UnauthorizedAccessException or AuditSigningException)
            {
                JournalLog.Unavailable(logger, options.Directory, exception.Message);
            }
            else
            {
                JournalLog.UnexpectedFault(logger, exception);
            }
        }

        _attempts++;
        _status = _status with
        {
            State = exception is DirectoryLockedException ? CallJournalState.Locked : CallJournalState.Unavailable,
            LastError = exception.Message,
            LastErrorAt = timeProvider.GetUtcNow(),
        };
    }

    /// <summary>Records are written, and nothing signs for them now.</summary>
    public void NoteUnsigned(string problem)
    {
        if (_status.UnsignedSince is null)
        {
            _status = _status with { UnsignedSince = timeProvider.GetUtcNow() };
            JournalLog.Unsigned(logger, options.Directory, problem);
        }
    }

    public void NoteSigned()
    {
        if (_status.UnsignedSince is { } since)
        {
            _status = _status with { UnsignedSince = null };
            JournalLog.SignedAgain(logger, options.Directory, timeProvider.GetUtcNow() - since);
        }
    }

    public void Stop()
    {
        _available = false;
        _status = _status with { State = CallJournalState.Stopped };
    }

    /// <summary>One access to the disk.</summary>
    internal readonly struct DiskWatch(JournalHealth health) : IDisposable
    {
        public void Dispose() => Volatile.Write(ref health._watchedSince, 0);
    }
}
