using Gateway.Core.Audit.Reading;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Audit.Index;

/// <summary>Puts what is written to the log into the index, from where it left off. Never in the way of a call.</summary>
/// <param name="index">What is filled.</param>
/// <param name="directory">The log's.</param>
/// <param name="timeProvider">For the intervals below.</param>
/// <param name="logger">For operators.</param>
internal sealed class CallIndexer(ICallIndex index, string directory, TimeProvider timeProvider, ILogger<CallIndexer> logger) : IDisposable
{
    /// <summary>How much of the log goes into one transaction: enough for its cost not to count while the index is made anew.</summary>
    public const int ChunkBytes = 4 * 1024 * 1024;

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

    /// <summary>Why the index cannot be filled; null while it can.</summary>
    public string? Problem => _problem;

    /// <summary>The last record that the index covers.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Since when it has not covered all that is on file.</summary>
    public TimeSpan Behind => timeProvider.GetElapsedTime(Volatile.Read(ref _caughtUpAt));

    /// <summary>Completes when calls were added after this was asked.</summary>
    public Task Addition => Volatile.Read(ref _nextAddition).Task;

    /// <summary>Waits until all that is on file now is in the index; false where that takes longer.</summary>
    public async Task<bool> CatchUpAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var pass = Volatile.Read(ref _nextPass).Task;
        _wake.Release();
        try
        {
            await pass.WaitAsync(patience, timeProvider, cancellationToken);
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
            while (true)
            {
                var wait = await TryPassAsync(stopped) ? PollInterval : RetryInterval;
                await _wake.WaitAsync(wait, stopped);
                while (_wake.Wait(0, CancellationToken.None))
                {
                    // However many ask, one pass answers them all.
                }
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

    private async Task<bool> TryPassAsync(CancellationToken stopped)
    {
        try
        {
            // Who asks from here on is answered by the pass after this one.
            var pass = Interlocked.Exchange(ref _nextPass, NewSource());
            await PassAsync(stopped);
            pass.SetResult();
            Volatile.Write(ref _caughtUpAt, timeProvider.GetTimestamp());
            if (_problem is not null)
            {
                _problem = null;
                CallIndexLog.Recovered(logger, Last);
            }

            return true;
        }
        catch (Exception exception) when (!stopped.IsCancellationRequested)
        {
            _reader?.Dispose();
            _reader = null;
            if (_problem != exception.Message)
            {
                _problem = exception.Message;
                CallIndexLog.Unavailable(logger, exception.Message);
            }

            return false;
        }
    }

    private async Task PassAsync(CancellationToken stopped)
    {
        // At every pass: an index that was lost or found damaged since the last one is made anew here.
        var last = await index.OpenAsync(stopped);
        if (_reader?.Last != last)
        {
            _reader?.Dispose();
            _reader = new CallLogReader(directory, last, ChunkBytes);
            Volatile.Write(ref _last, last);
        }

        while (_reader.Read() is { Count: > 0 } lines)
        {
            Extract(lines, _calls);
            await index.AddAsync(_calls, lines[^1], stopped);
            Volatile.Write(ref _last, lines[^1].Sequence);
            Interlocked.Exchange(ref _nextAddition, NewSource()).SetResult();
        }

        if (_prunedAt == 0 || timeProvider.GetElapsedTime(_prunedAt) >= PruneInterval)
        {
            _prunedAt = timeProvider.GetTimestamp();
            if (CallLogFiles.Segments(directory) is [var first, ..])
            {
                await index.PruneAsync(first, stopped);
            }
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
