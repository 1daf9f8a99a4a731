using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Audit.Index;
using Gateway.Core.Audit.Reading;
using Gateway.Integrations.Secrets;
using Npgsql;
using NpgsqlTypes;

namespace Gateway.Integrations.Postgres;

/// <summary>An index that several gateways share in PostgreSQL. It holds the events too: each gateway has the files of its own log alone.</summary>
/// <param name="connectionString">Reads where the database is, at every opening, so that a rotated password is seen.</param>
/// <param name="dataDirectory">Where this log's id is kept.</param>
/// <param name="logDirectory">The call log's.</param>
internal sealed class PostgresCallIndex(Func<CancellationToken, ValueTask<string>> connectionString, string dataDirectory, string logDirectory) : ICallIndex
{
    /// <summary>The file with the id under which this gateway's rows are.</summary>
    public const string IdFileName = "calls-index.id";

    private readonly SemaphoreSlim _opening = new(1);
    private NpgsqlDataSource? _source;
    private Guid _log;
    private long? _last;

    public ValueTask<long> OpenAsync(CancellationToken cancellationToken) => RunAsync(
        async source =>
        {
            if (_last is { } known)
            {
                return known;
            }

            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, PostgresCallSchema.Tables, cancellationToken);
            _log = ReadId();
            var last = await CoveredAsync(connection, cancellationToken);
            if (last is null)
            {
                // Another log than the one that was covered under this id: its rows may be all that is left of it.
                _log = NewId();
                last = 0;
            }

            await transaction.CommitAsync(cancellationToken);
            _last = last;
            return last.Value;
        },
        cancellationToken);

    public ValueTask AddAsync(IReadOnlyList<IndexedCall> calls, CallLogLine last, CancellationToken cancellationToken) => new(RunAsync(
        async source =>
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await InsertAsync(connection, calls, cancellationToken);
            await ExecuteAsync(
                connection,
                """
                INSERT INTO gateway_log (log, last, segment, "offset", length, sha256) VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (log) DO UPDATE SET last = excluded.last, segment = excluded.segment, "offset" = excluded."offset", length = excluded.length, sha256 = excluded.sha256
                """,
                cancellationToken,
                _log,
                last.Sequence,
                last.Place.Segment,
                last.Place.Offset,
                last.Json.Length,
                SHA256.HashData(last.Json.Span));
            await transaction.CommitAsync(cancellationToken);
            _last = last.Sequence;
            return true;
        },
        cancellationToken).AsTask());

    public ValueTask PruneAsync(long first, CancellationToken cancellationToken) => new(RunAsync(
        async source =>
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await ExecuteAsync(connection, "DELETE FROM gateway_call WHERE log = $1 AND sequence < $2", cancellationToken, _log, first);
            return true;
        },
        cancellationToken).AsTask());

    public ValueTask<CallPage> ReadAsync(CallQuestion question, CancellationToken cancellationToken) => RunAsync(
        async source =>
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
            var search = new PostgresCallSearch(connection, question);
            return question.OldestFirst ? await search.FollowAsync(cancellationToken) : await search.PageAsync(cancellationToken);
        },
        cancellationToken);

    public ValueTask<string> EndAsync(CancellationToken cancellationToken) => RunAsync(
        async source =>
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            return PostgresCursor.Format(await PostgresCallSearch.LogsAsync(connection, cancellationToken));
        },
        cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(string call, CancellationToken cancellationToken) => RunAsync<ReadOnlyMemory<byte>?>(
        async source =>
        {
            await using var command = source.CreateCommand("SELECT event FROM gateway_call WHERE call = $1 LIMIT 1");
            command.Parameters.Add(new NpgsqlParameter { Value = call });
            return await command.ExecuteScalarAsync(cancellationToken) is string line ? Encoding.UTF8.GetBytes(line) : null;
        },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_source is { } source)
        {
            await source.DisposeAsync();
        }

        _opening.Dispose();
    }

    private async Task InsertAsync(NpgsqlConnection connection, IReadOnlyList<IndexedCall> calls, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO gateway_call (log, sequence, time, call, agent, tool, reason, task, allowed, event)
            SELECT $1, * FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter { Value = _log });
        Column(NpgsqlDbType.Bigint, calls.Select(call => call.Facts.Sequence));
        Column(NpgsqlDbType.Bigint, calls.Select(call => call.Facts.Time));
        Column(NpgsqlDbType.Text, calls.Select(call => call.Facts.Call));
        Column(NpgsqlDbType.Bigint, calls.Select(call => Key(CallKey.Agent, call.Facts.Agent)));
        Column(NpgsqlDbType.Bigint, calls.Select(call => Key(CallKey.Tool, call.Facts.Tool)));
        Column(NpgsqlDbType.Bigint, calls.Select(call => Key(CallKey.Reason, call.Facts.Reason)));
        Column(NpgsqlDbType.Bigint, calls.Select(call => Key(CallKey.Task, call.Facts.Task)));
        Column(NpgsqlDbType.Boolean, calls.Select(call => call.Facts.IsAllowed));
        Column(NpgsqlDbType.Text, calls.Select(call => Encoding.UTF8.GetString(call.Line.Json.Span)));
        await command.ExecuteNonQueryAsync(cancellationToken);

        void Column<T>(NpgsqlDbType type, IEnumerable<T> values) =>
            command.Parameters.Add(new NpgsqlParameter { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
    }

    private static long? Key(char field, string? value) => value is null ? null : CallKey.Of(field, value);

    /// <summary>What is covered of the log under its id; null where that was another log.</summary>
    private async Task<long?> CoveredAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT last, segment, \"offset\", length, sha256 FROM gateway_log WHERE log = $1", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = _log });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
        {
            return 0;
        }

        using var files = new CallLogFiles(logDirectory);
        var line = files.Read(new CallPlace(row.GetInt64(1), row.GetInt64(2)), row.GetInt32(3));
        return line is not null && SHA256.HashData(line).AsSpan().SequenceEqual(row.GetFieldValue<byte[]>(4)) ? row.GetInt64(0) : null;
    }

    private Guid ReadId()
    {
        var path = Path.Combine(dataDirectory, IdFileName);
        return File.Exists(path) && Guid.TryParse(File.ReadAllText(path).Trim(), out var id) ? id : NewId();
    }

    private Guid NewId()
    {
        var id = Guid.NewGuid();
        PrivateFile.CreateDirectory(dataDirectory);
        PrivateFile.Replace(Path.Combine(dataDirectory, IdFileName), stream => stream.Write(Encoding.ASCII.GetBytes($"{id}\n")));
        return id;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async ValueTask<NpgsqlDataSource> ConnectAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            return _source ??= NpgsqlDataSource.Create(await connectionString(cancellationToken));
        }
        finally
        {
            _opening.Release();
        }
    }

    private async ValueTask<T> RunAsync<T>(Func<NpgsqlDataSource, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work(_source ?? await ConnectAsync(cancellationToken));
        }
        catch (PostgresException exception)
        {
            // A server's own words may quote rows. What was remembered of it is asked again, the password too.
            _last = null;
            if (exception.SqlState.StartsWith("28", StringComparison.Ordinal) && Interlocked.Exchange(ref _source, null) is { } refused)
            {
                await refused.DisposeAsync();
            }

            throw new CallIndexException($"PostgreSQL refused (SQLSTATE {exception.SqlState}): its log says why; the gateway's user must be let in and may create tables.");
        }
        catch (Exception exception) when (exception is NpgsqlException or System.Net.Sockets.SocketException or TimeoutException or ObjectDisposedException)
        {
            _last = null;
            throw new CallIndexException("PostgreSQL cannot be reached: see Gateway:Audit:Index:ConnectionString, and whether the server runs.");
        }
        catch (ArgumentException)
        {
            throw new CallIndexException("Gateway:Audit:Index:ConnectionString is none that PostgreSQL takes: write for example \"Host=db;Database=gateway;Username=gateway;Password=…\".");
        }
    }
}
