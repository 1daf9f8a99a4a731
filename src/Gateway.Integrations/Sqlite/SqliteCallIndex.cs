using System.Globalization;
using Gateway.Core.Audit.Index;
using Gateway.Core.Audit.Reading;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Sqlite;

/// <summary><c>calls-index.db</c> in the data directory: where in the log's files which calls are. The events stay there.</summary>
/// <remarks>What is found is held against its line in the log: a wrong index can hide a call, and never invent one.</remarks>
internal sealed class SqliteCallIndex : ICallIndex
{
    public const string FileName = "calls-index.db";

    private readonly CallIndexFile _file;
    private readonly string _logDirectory;
    private SqliteConnection? _writer;
    private long _last;
    private volatile bool _isDamaged;

    /// <param name="dataDirectory">Made where it does not exist.</param>
    /// <param name="logDirectory">The call log's.</param>
    /// <param name="logger">For operators.</param>
    public SqliteCallIndex(string dataDirectory, string logDirectory, ILogger<SqliteCallIndex> logger)
    {
        _file = new CallIndexFile(Path.Combine(Path.GetFullPath(dataDirectory), FileName), logDirectory, logger);
        _logDirectory = logDirectory;
    }

    public ValueTask<long> OpenAsync(CancellationToken cancellationToken)
    {
        if (_writer is null || _isDamaged || !_file.IsInPlace)
        {
            CloseWriter();
            _writer = _file.OpenWriter(_isDamaged);
            _isDamaged = false;
            using var command = new SqliteCommand("SELECT last FROM position", _writer);
            _last = (long?)command.ExecuteScalar() ?? 0;
        }

        return new(_last);
    }

    public ValueTask AddAsync(IReadOnlyList<IndexedCall> calls, CallLogLine last, CancellationToken cancellationToken)
    {
        Write((connection, transaction) =>
        {
            var batch = new CallIndexBatch(connection, transaction);
            batch.Add(calls);
            batch.Cover(last);
        });
        _last = last.Sequence;
        return ValueTask.CompletedTask;
    }

    public ValueTask PruneAsync(long first, CancellationToken cancellationToken)
    {
        Write((connection, transaction) =>
        {
            using var command = new SqliteCommand(
                "DELETE FROM call WHERE sequence < $first; DELETE FROM posting WHERE block < $block; DELETE FROM block WHERE block < $block", connection, transaction);
            command.Parameters.AddWithValue("$first", first);
            command.Parameters.AddWithValue("$block", first >> CallIndexSchema.BlockBits);
            command.ExecuteNonQuery();
        });
        return ValueTask.CompletedTask;
    }

    public ValueTask<CallPage> ReadAsync(CallQuestion question, CancellationToken cancellationToken)
    {
        long? behind = question.Cursor is { } cursor ? ParseCursor(cursor) : null;
        return new(Read((connection, snapshot) =>
        {
            var last = Last(connection, snapshot);
            var from = question.OldestFirst ? (behind ?? 0) + 1 : (behind ?? last + 1) - 1;
            using var search = new CallIndexSearch(connection, snapshot, question.Filter, question.OldestFirst);
            using var files = new CallLogFiles(_logDirectory);
            var found = new List<FoundCall>();
            foreach (var (sequence, place, length) in search.From(from, cancellationToken))
            {
                if (files.Read(place, length) is not { } line
                    || !CallFactsReader.TryRead(line, out var facts)
                    || facts.Sequence != sequence
                    || !question.Filter.Matches(facts))
                {
                    continue;
                }

                if (found.Count == question.Limit)
                {
                    return new CallPage(found, found[^1].Cursor);
                }

                found.Add(new FoundCall(CursorOf(sequence), line));
            }

            return new CallPage(found, question.OldestFirst ? CursorOf(Math.Max(last, from - 1)) : null);
        }));
    }

    public ValueTask<string> EndAsync(CancellationToken cancellationToken) => new(Read((connection, snapshot) => CursorOf(Last(connection, snapshot))));

    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(string call, CancellationToken cancellationToken) => new(Read(ReadOnlyMemory<byte>? (connection, snapshot) =>
    {
        using var command = new SqliteCommand("SELECT segment, offset, length FROM call WHERE call = $call", connection, snapshot);
        command.Parameters.AddWithValue("$call", (object?)CallKey.OfCall(call) ?? DBNull.Value);
        using var row = command.ExecuteReader();
        using var files = new CallLogFiles(_logDirectory);
        while (row.Read())
        {
            var line = files.Read(new CallPlace(row.GetInt64(0), row.GetInt64(1)), row.GetInt32(2));
            if (line is not null && CallFactsReader.TryRead(line, out var facts) && facts.Call == call)
            {
                return line;
            }
        }

        return null;
    }));

    public ValueTask DisposeAsync()
    {
        CloseWriter();
        _file.CloseReaders();
        return ValueTask.CompletedTask;
    }

    private static string CursorOf(long sequence) => sequence.ToString(CultureInfo.InvariantCulture);

    private static long ParseCursor(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) && sequence < long.MaxValue ? sequence : throw new CallCursorException();

    private static long Last(SqliteConnection connection, SqliteTransaction snapshot)
    {
        using var command = new SqliteCommand("SELECT last FROM position", connection, snapshot);
        return (long?)command.ExecuteScalar() ?? 0;
    }

    private T Read<T>(Func<SqliteConnection, SqliteTransaction, T> read)
    {
        try
        {
            using var connection = _file.OpenReader();
            using var snapshot = connection.BeginTransaction(deferred: true);
            return read(connection, snapshot);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            _isDamaged |= CallIndexFile.IsDamage(exception); // the writer makes it anew
            throw _file.Describe(exception);
        }
    }

    private void Write(Action<SqliteConnection, SqliteTransaction> write)
    {
        var connection = _writer ?? throw new InvalidOperationException("The index was not opened.");
        try
        {
            using var transaction = connection.BeginTransaction();
            write(connection, transaction);
            transaction.Commit();
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            _isDamaged |= CallIndexFile.IsDamage(exception);
            CloseWriter();
            throw _file.Describe(exception);
        }
    }

    private void CloseWriter()
    {
        _writer?.Dispose();
        _writer = null;
    }
}
