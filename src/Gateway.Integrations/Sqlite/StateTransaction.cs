using Microsoft.Data.Sqlite;

namespace Gateway.Integrations.Sqlite;

/// <summary>What may be done to the state file inside one transaction.</summary>
internal sealed class StateTransaction(SqliteConnection connection, SqliteTransaction transaction)
{
    /// <returns>How many rows were changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    public IReadOnlyList<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = new SqliteCommand(sql, connection, transaction);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value switch
            {
                null => DBNull.Value,
                DateTimeOffset time => time.ToUnixTimeMilliseconds(),
                bool flag => flag ? 1L : 0L,
                _ => value,
            });
        }

        return command;
    }
}
