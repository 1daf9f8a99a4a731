using Gateway.Core.Audit.Reading;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Audit.Index;

/// <summary>Puts what is written to the log into the index, from where it left off. Never in the way of a call.</summary>
/// <remarks>
/// While many calls are logged it takes a fiftieth of the time and falls behind: a gateway at its limit makes calls first. It
/// hurries when somebody asks, and when the log is quiet.
/// </remarks>
/// <param name="index">What is filled.</param>
/// <param name="directory">The log's.</param>
/// <param name="journal">What writes it.</param>
/// <param name="written">How many records it has written.</param>
/// <param name="timeProvider">For the intervals below.</param>
/// <param name="logger">For operators.</param>
internal sealed class CallIndexer(ICallIndex index, string directory, ICallJournal journal, Func<long> written, TimeProvider timeProvider, ILogger<CallIndexer> logger) : IDisposable
{
    /// <summary>
    /// How much of the log goes into one transaction: enough for its cost hardly to count while the index is made anew, and
    /// little enough for calls not to wait for it.
    /// </summary>
    public const int ChunkBytes = 256 * 1024;

    /// <summary>Records a second from which on calls come first: what they cost to index is then a fiftieth of one processor's time.</summary>
    private const int ManyRecords = 1_000;

    /// <summary>How much longer it rests than it has worked then.</summary>
    private const int RestFactor = 50;

    private static readonly TimeSpan RateInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PruneInterval = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _wake = new(0);
    private readonly List<IndexedCall> _calls = [];
    private TaskCompletionSource _nextPass = NewSource();
    private TaskCompletionSource _nextAddition = NewSource();
    private CallLogReader? _reader;
    private long _prunedAt;
    private long _caughtUpAt = timeProvider.GetTimestamp();
    private long _last;
    private volatile string? _problem;
    private (long Records, long At) _sample = (written(), timeProvider.GetTimestamp());
    private volatile bool _isBusy;
    private bool _mustBegin = true;

    /// <summary>Why the index cannot be filled; null while it can.</summary>
    public string? Problem => _problem;

    /// <summary>The last record that the index covers.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Since when it has not covered all that is on file.</summary>
    public TimeSpan Behind => timeProvider.GetElapsedTime(Volatile.Read(ref _caughtUpAt));

    /// <summary>Whether it stays behind so as not to take time from calls.</summary>
    public bool Rests => _isBusy;

    /// <summary>Completes when calls were added after this was asked.</summary>
    public Task Addition => Volatile.Read(ref _nextAddition).Task;

    /// <summary>Waits until all that was recorded before is in the index; false where that takes longer.</summary>
    public async Task<bool> CatchUpAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            var begun = timeProvider.GetTimestamp();
            await journal.FlushAsync(cancellationToken).WaitAsync(patience, timeProvider, cancellationToken);
            var pass = Volatile.Read(ref _nextPass).Task;
            _wake.Release();
            var left = patience - timeProvider.GetElapsedTime(begun);
            await pass.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, timeProvider, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>The calls among lines of the log.</summary>
    public static void Extract(IReadOnlyList<CallLogLine> lines, List<IndexedCall> calls)
    {
        calls.Clear();
        foreach (var line in lines)
        {
            if (CallFactsReader.TryRead(line.Json.Span, out var facts) && facts.Sequence == line.Sequence)
            {
                calls.Add(new IndexedCall(facts, line));
            }
        }
    }

    /// <summary>Works until it is stopped; whatever goes wrong is tried again.</summary>
    public async Task RunAsync(CancellationToken stopped)
    {
        try
        {
            var isAsked = false;
            while (true)
            {
                var pause = await TryPassAsync(isAsked, stopped);
                isAsked = pause == TimeSpan.Zero || await IsAskedAsync(pause, stopped);
            }
        }
        catch (Exception) when (stopped.IsCancellationRequested)
        {
            // The gateway stops; the next start goes on here.
        }
    }

    /// <summary>After its work has ended.</summary>
    public void Dispose()
    {
        _reader?.Dispose();
        _wake.Dispose();
    }

    /// <summary>Waits until somebody asks. However many do, one pass answers them all.</summary>
    private async Task<bool> IsAskedAsync(TimeSpan patience, CancellationToken stopped)
    {
        var isAsked = await _wake.WaitAsync(patience, stopped);
        while (_wake.Wait(0, CancellationToken.None))
        {
            // Nothing to do but to count them off.
        }

        return isAsked;
    }

    /// <returns>How long until the next pass; none where somebody asked during this one, who is to be answered by another.</returns>
    private async Task<TimeSpan> TryPassAsync(bool hurries, CancellationToken stopped)
    {
        try
        {
            // Who asks from here on is answered by the pass after this one.
            var pass = Interlocked.Exchange(ref _nextPass, NewSource());
            await BeginAsync(stopped);
            var pause = PollInterval;
            for (var begun = timeProvider.GetTimestamp(); await AddPortionAsync(stopped); begun = timeProvider.GetTimestamp())
            {
                if (!hurries && IsBusy() && await IsAskedAsync(RestFactor * timeProvider.GetElapsedTime(begun), stopped))
                {
                    hurries = true;
                    pause = TimeSpan.Zero;
                }
            }

            pass.SetResult();
            return pause;
        }
        catch (Exception exception) when (!stopped.IsCancellationRequested)
        {
            // What was read and not added is read again: the next attempt asks the index where it ends.
            _mustBegin = true;
            if (_problem != exception.Message)
            {
                _problem = exception.Message;
                CallIndexLog.Unavailable(logger, exception.Message);
            }

            return RetryInterval;
        }
    }

    private bool IsBusy()
    {
        var now = timeProvider.GetTimestamp();
        if (timeProvider.GetElapsedTime(_sample.At, now) is var time && time >= RateInterval)
        {
            var records = written();
            _isBusy = (records - _sample.Records) / time.TotalSeconds > ManyRecords;
            _sample = (records, now);
        }

        return _isBusy;
    }

    /// <returns>Whether there may be more.</returns>
    private async Task<bool> AddPortionAsync(CancellationToken stopped)
    {
        if (_reader?.Read() is { Count: > 0 } lines)
        {
            Extract(lines, _calls);
            await index.AddAsync(_calls, lines[^1], stopped);
            Volatile.Write(ref _last, lines[^1].Sequence);
            Interlocked.Exchange(ref _nextAddition, NewSource()).SetResult();
            return true;
        }

        if (_prunedAt == 0 || timeProvider.GetElapsedTime(_prunedAt) >= PruneInterval)
        {
            _prunedAt = timeProvider.GetTimestamp();
            if (CallLogFiles.Segments(directory) is [var first, ..])
            {
                await index.PruneAsync(first, stopped);
            }
        }

        Volatile.Write(ref _caughtUpAt, timeProvider.GetTimestamp());
        if (_problem is not null)
        {
            _problem = null;
            CallIndexLog.Recovered(logger, Last);
        }

        return false;
    }

    /// <summary>At every pass: an index that was lost or found damaged since the last one is made anew here.</summary>
    private async Task BeginAsync(CancellationToken stopped)
    {
        var last = await index.OpenAsync(stopped);
        if (_mustBegin || _reader?.Last != last)
        {
            _reader?.Dispose();
            _reader = new CallLogReader(directory, last, ChunkBytes);
            Volatile.Write(ref _last, last);
        }

        _mustBegin = false;
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
