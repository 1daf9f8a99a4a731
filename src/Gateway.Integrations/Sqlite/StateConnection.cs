using System.Globalization;
using Gateway.Integrations.Secrets;
using Microsoft.Data.Sqlite;

namespace Gateway.Integrations.Sqlite;

/// <summary>Opens the state file: for this process alone, on disk before a commit returns, with the newest tables.</summary>
internal static class StateConnection
{
    // SQLite's primary result codes.
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <param name="path">The file.</param>
    /// <param name="mayCreate">False for a file that was open already: one that is gone must not be replaced by an empty one.</param>
    /// <exception cref="StateDatabaseException">It cannot be used.</exception>
    public static SqliteConnection Open(string path, bool mayCreate)
    {
        SqliteConnection? connection = null;
        try
        {
            Prepare(path, mayCreate);
            connection = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
                DefaultTimeout = 1, // seconds to wait for another process that holds the file
            }.ConnectionString);
            connection.Open();

            // Exclusive: a second gateway on the same file would revoke what this one uses.
            Execute(connection, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;");
            Migrate(connection, path);
            return connection;
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            connection?.Dispose();
            throw Describe(path, exception);
        }
    }

    public static StateDatabaseException Describe(string path, Exception exception) => exception switch
    {
        StateDatabaseException known => known,
        SqliteException { SqliteErrorCode: Busy or Locked } =>
            new($"The state file {path} is in use by another gateway: give each gateway a data directory of its own, or stop the other one."),
        SqliteException { SqliteErrorCode: Corrupt or NotADatabase } =>
            new($"The state file {path} is damaged: restore it from a backup. Without one move it away; what was owed is then forgotten, so revoke at the issuers what tasks had."),
        SqliteException { SqliteErrorCode: Full } => new($"The state file {path} cannot be written: the disk is full."),
        SqliteException { SqliteErrorCode: ReadOnly or CannotOpen } or UnauthorizedAccessException =>
            new($"The state file {path} cannot be written: it and its directory must belong to the gateway's user, on a file system that takes data."),
        SqliteException sqlite => new($"The state file {path} cannot be used (SQLite error {sqlite.SqliteExtendedErrorCode.ToString(CultureInfo.InvariantCulture)})."),
        _ => new($"The state file {path} cannot be used: {exception.Message}"),
    };

    private static void Prepare(string path, bool mayCreate)
    {
        if (!File.Exists(path))
        {
            if (!mayCreate)
            {
                throw new StateDatabaseException($"The state file {path} is gone: restart the gateway to begin a new one.");
            }

            PrivateFile.CreateDirectory(Path.GetDirectoryName(path) ?? ".");
            PrivateFile.OpenExclusive(path).Dispose(); // SQLite gives its other files the same mode
        }

        if (PrivateFile.IsShared(path))
        {
            throw new StateDatabaseException($"The state file {path} is readable by others than its owner: chmod 600 {path}");
        }
    }

    private static void Migrate(SqliteConnection connection, string path)
    {
        using var transaction = connection.BeginTransaction(); // immediate: takes the lock, whether or not there is anything to do
        using var query = new SqliteCommand("PRAGMA user_version", connection, transaction);
        var version = Convert.ToInt32(query.ExecuteScalar(), CultureInfo.InvariantCulture);
        if (version > StateSchema.Steps.Count)
        {
            throw new StateDatabaseException($"The state file {path} was written by a newer gateway: run that version, or restore the file's backup.");
        }

        foreach (var step in StateSchema.Steps.Skip(version))
        {
            Execute(connection, step, transaction);
        }

        Execute(connection, $"PRAGMA user_version = {StateSchema.Steps.Count.ToString(CultureInfo.InvariantCulture)}", transaction);
        transaction.Commit();
    }

    private static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }
}
