using System.Globalization;
using System.Security.Cryptography;
using Gateway.Core.Audit.Index;
using Gateway.Core.Audit.Reading;
using Gateway.Integrations.Secrets;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Sqlite;

/// <summary>The index's file. Nothing in it is worth keeping where it is in doubt: the log's files have it all.</summary>
internal sealed class CallIndexFile(string path, string logDirectory, ILogger logger)
{
    // SQLite's primary result codes.
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int NotADatabase = 26;

    private readonly string _readers = ConnectionString(path, SqliteOpenMode.ReadOnly, pooled: true);

    /// <summary>Whether the file is where it was opened.</summary>
    public bool IsInPlace => File.Exists(path);

    /// <summary>Opens the file for its one writer; made anew where it is lost, damaged, that of another log or of another version.</summary>
    /// <exception cref="CallIndexException">It cannot be used.</exception>
    public SqliteConnection OpenWriter(bool isDamaged)
    {
        try
        {
            var why = isDamaged ? "it is damaged." : FindFault();
            if (why is not null)
            {
                Create(why);
            }

            return Open();
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw Describe(exception);
        }
    }

    /// <summary>A connection that reads one state of the index, whatever is written meanwhile.</summary>
    public SqliteConnection OpenReader()
    {
        var connection = new SqliteConnection(_readers);
        connection.Open();
        return connection;
    }

    public void CloseReaders()
    {
        using var connection = new SqliteConnection(_readers);
        SqliteConnection.ClearPool(connection);
    }

    public static bool IsDamage(Exception exception) => exception is SqliteException { SqliteErrorCode: Corrupt or NotADatabase };

    public CallIndexException Describe(Exception exception) => exception switch
    {
        CallIndexException known => known,
        SqliteException { SqliteErrorCode: Full } => new($"The index {path} cannot be written: the disk is full."),
        SqliteException sqlite => new($"The index {path} cannot be used (SQLite error {sqlite.SqliteExtendedErrorCode.ToString(CultureInfo.InvariantCulture)}); it can be deleted at any time, and is made anew.", sqlite),
        _ => new($"The index {path} cannot be used: {exception.Message}", exception),
    };

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(ConnectionString(path, SqliteOpenMode.ReadWrite, pooled: false));
        try
        {
            connection.Open();

            // A power cut may cost the last transactions, and they are in the log.
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Why the file cannot be gone on with; null where it can.</summary>
    private string? FindFault()
    {
        if (!File.Exists(path))
        {
            return "there is none.";
        }

        if (PrivateFile.IsShared(path))
        {
            return "others than its owner could change it.";
        }

        try
        {
            using var connection = Open();
            if (Scalar(connection, "PRAGMA user_version") != CallIndexSchema.Version)
            {
                return "another version of the gateway wrote it.";
            }

            return BelongsToLog(connection) ? null : "its last record is not in the log.";
        }
        catch (SqliteException exception) when (IsDamage(exception) || exception.SqliteErrorCode == 1)
        {
            return "it is damaged."; // 1: a table is missing
        }
    }

    private bool BelongsToLog(SqliteConnection connection)
    {
        using var command = new SqliteCommand("SELECT last, segment, offset, length, sha256 FROM position", connection);
        using var row = command.ExecuteReader();
        if (!row.Read() || row.GetInt64(0) == 0)
        {
            return Scalar(connection, "SELECT count(*) FROM call") == 0;
        }

        using var files = new CallLogFiles(logDirectory);
        var line = files.Read(new CallPlace(row.GetInt64(1), row.GetInt64(2)), row.GetInt32(3));
        return line is not null && SHA256.HashData(line).AsSpan().SequenceEqual(row.GetFieldValue<byte[]>(4));
    }

    private void Create(string why)
    {
        CloseReaders();
        if (File.Exists(path))
        {
            CallIndexLog.MadeAnew(logger, path, why);
        }

        PrivateFile.CreateDirectory(Path.GetDirectoryName(path) ?? ".");
        foreach (var file in new[] { path, path + "-wal", path + "-shm" })
        {
            File.Delete(file);
        }

        PrivateFile.OpenExclusive(path).Dispose(); // SQLite gives its other files the same mode
        using var connection = Open();
        Execute(connection, $"BEGIN IMMEDIATE; {CallIndexSchema.Tables} PRAGMA user_version = {CallIndexSchema.Version.ToString(CultureInfo.InvariantCulture)}; COMMIT;");
    }

    private static string ConnectionString(string path, SqliteOpenMode mode, bool pooled) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = mode,
        Pooling = pooled,
        DefaultTimeout = 5, // seconds to wait for a checkpoint or a pruning
    }.ConnectionString;

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
