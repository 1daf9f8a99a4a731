using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Sqlite;

/// <summary><c>state.db</c> in the data directory: what must survive a kill. One writer; what waits is committed together.</summary>
/// <remarks>
/// After a failure the file is opened anew for the next work, so that a full disk or a directory that was read-only for a
/// while mends by itself. Nothing is done twice: work whose commit failed is told so.
/// </remarks>
internal sealed class StateDatabase : IAsyncDisposable
{
    public const string FileName = "state.db";

    private const int BatchSize = 256;

    private readonly Channel<StateWork> _work = Channel.CreateUnbounded<StateWork>(new UnboundedChannelOptions { SingleReader = true });
    private readonly string _path;
    private readonly ILogger<StateDatabase> _logger;
    private SqliteConnection? _connection;
    private Task? _loop;
    private volatile string? _problem;

    /// <param name="dataDirectory">Made where it does not exist.</param>
    /// <param name="logger">For operators.</param>
    public StateDatabase(string dataDirectory, ILogger<StateDatabase> logger)
    {
        _path = Path.Combine(Path.GetFullPath(dataDirectory), FileName);
        _logger = logger;
    }

    /// <summary>Why the last work failed; null while the file works.</summary>
    public string? Problem => _problem;

    /// <summary>Opens the file and begins to work. Once.</summary>
    /// <exception cref="StateDatabaseException">It cannot be used; the message says what to do.</exception>
    public void Open()
    {
        _connection = StateConnection.Open(_path, mayCreate: true);
        _loop = Task.Run(WorkAsync, CancellationToken.None);
    }

    /// <summary>Runs work in a transaction, in the order in which it is handed in; on disk when the task completes.</summary>
    /// <exception cref="StateDatabaseException">Nothing of it was done.</exception>
    public Task<T> RunAsync<T>(Func<StateTransaction, T> work, CancellationToken cancellationToken)
    {
        var task = new StateTask<T>(work);
        return _work.Writer.TryWrite(task)
            ? task.WaitAsync(cancellationToken)
            : Task.FromException<T>(new StateDatabaseException($"The state file {_path} is closed."));
    }

    /// <summary>Finishes what was handed in, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _work.Writer.TryComplete();
        await (_loop ?? Task.CompletedTask);
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    private async Task WorkAsync()
    {
        var batch = new List<StateWork>();
        while (await _work.Reader.WaitToReadAsync())
        {
            while (batch.Count < BatchSize && _work.Reader.TryRead(out var work))
            {
                batch.Add(work);
            }

            if (!TryCommit(batch, isLast: batch.Count == 1))
            {
                // One that cannot be done must not take the others with it.
                foreach (var work in batch)
                {
                    TryCommit([work], isLast: true);
                }
            }

            batch.Clear();
        }
    }

    /// <returns>False where it failed and is to be tried one by one.</returns>
    private bool TryCommit(IReadOnlyList<StateWork> batch, bool isLast)
    {
        try
        {
            Commit(batch);
            Succeeded();
        }
        catch (Exception exception)
        {
            var failure = Failed(exception);
            if (!isLast)
            {
                return false;
            }

            foreach (var work in batch)
            {
                work.Fail(failure);
            }

            return true;
        }

        foreach (var work in batch)
        {
            work.Complete();
        }

        return true;
    }

    private void Commit(IReadOnlyList<StateWork> batch)
    {
        // Written to a file that has lost its name, it would be gone with the process.
        if (_connection is null || !File.Exists(_path))
        {
            _connection?.Dispose();
            _connection = null;
            _connection = StateConnection.Open(_path, mayCreate: false);
        }

        using var transaction = _connection.BeginTransaction();
        var state = new StateTransaction(_connection, transaction);
        foreach (var work in batch)
        {
            work.Run(state);
        }

        transaction.Commit();
    }

    private void Succeeded()
    {
        if (_problem is not null)
        {
            _problem = null;
            _logger.StateRecovered(_path);
        }
    }

    private StateDatabaseException Failed(Exception exception)
    {
        _connection?.Dispose();
        _connection = null;
        var failure = StateConnection.Describe(_path, exception);
        if (_problem != failure.Message)
        {
            _logger.StateUnavailable(failure.Message);
        }

        _problem = failure.Message;
        return failure;
    }
}
