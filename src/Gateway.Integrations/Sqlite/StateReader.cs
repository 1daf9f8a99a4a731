using Gateway.Core.Credentials;
using Microsoft.Data.Sqlite;

namespace Gateway.Integrations.Sqlite;

/// <summary>Reads columns as they are written by <see cref="StateTransaction"/>.</summary>
internal static class StateReader
{
    public static DateTimeOffset Time(this SqliteDataReader reader, string column) =>
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(reader.GetOrdinal(column)));

    public static DateTimeOffset? TimeOrNull(this SqliteDataReader reader, string column) =>
        reader.IsDBNull(reader.GetOrdinal(column)) ? null : reader.Time(column);

    public static string Text(this SqliteDataReader reader, string column) => reader.GetString(reader.GetOrdinal(column));

    public static string? TextOrNull(this SqliteDataReader reader, string column) =>
        reader.IsDBNull(reader.GetOrdinal(column)) ? null : reader.Text(column);

    public static long Number(this SqliteDataReader reader, string column) => reader.GetInt64(reader.GetOrdinal(column));

    public static long? NumberOrNull(this SqliteDataReader reader, string column) =>
        reader.IsDBNull(reader.GetOrdinal(column)) ? null : reader.Number(column);

    public static LeaseKey LeaseKey(this SqliteDataReader reader) =>
        new(reader.Text("agent"), reader.Text("task"), reader.Text("tool"), reader.Text("credential"), reader.Text("scope"));
}
