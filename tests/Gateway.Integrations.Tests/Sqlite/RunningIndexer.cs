using System.Collections.Concurrent;
using Gateway.Core.Audit.Index;
using Gateway.Integrations.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Integrations.Tests.Sqlite;

/// <summary>An index that is being filled from a scene's log.</summary>
internal sealed class RunningIndexer : IAsyncDisposable, ILogger<SqliteCallIndex>
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _madeAnew = new();
    private readonly Task _loop;

    private RunningIndexer(CallLogScene scene, Func<ILogger<SqliteCallIndex>, ICallIndex> open)
    {
        Index = open(this);
        Indexer = new CallIndexer(Index, scene.Log, new WrittenJournal(), () => 0, TimeProvider.System, NullLogger<CallIndexer>.Instance);
        _loop = Indexer.RunAsync(_stop.Token);
    }

    public ICallIndex Index { get; }

    public CallIndexer Indexer { get; }

    /// <summary>Why the index was made anew.</summary>
    public IReadOnlyCollection<string> MadeAnew => _madeAnew;

    /// <summary>Starts, and waits until all is indexed that is on file.</summary>
    public static async Task<RunningIndexer> StartAsync(CallLogScene scene, Func<ILogger<SqliteCallIndex>, ICallIndex>? open = null)
    {
        var running = new RunningIndexer(scene, open ?? (logger => new SqliteCallIndex(scene.Data, scene.Log, logger)));
        Assert.True(await running.Indexer.CatchUpAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken), running.Indexer.Problem);
        return running;
    }

    /// <summary>Every call, page after page.</summary>
    public static async Task<List<string>> AllAsync(ICallIndex index, CallFilter filter, int limit, bool oldestFirst = false)
    {
        var all = new List<string>();
        string? cursor = null;
        while (true)
        {
            var page = await index.ReadAsync(
                new CallQuestion { Filter = filter, Limit = limit, Cursor = cursor, OldestFirst = oldestFirst }, TestContext.Current.CancellationToken);
            all.AddRange(page.Calls.Select(CallLogScene.TextOf));
            cursor = page.Next;
            if (oldestFirst ? page.Calls.Count == 0 : cursor is null)
            {
                return all;
            }

            Assert.InRange(page.Calls.Count, oldestFirst ? 1 : limit, limit);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        Indexer.Dispose();
        await Index.DisposeAsync();
        _stop.Dispose();
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _madeAnew.Enqueue(formatter(state, exception));
}
