using System.Text;
using Gateway.Core.Audit.Index;
using Npgsql;

namespace Gateway.Integrations.Postgres;

/// <summary>One question about the calls of all gateways, within one snapshot.</summary>
internal sealed class PostgresCallSearch(NpgsqlConnection connection, CallQuestion question)
{
    private readonly CallFilter _filter = question.Filter;

    /// <summary>How far each log is covered.</summary>
    public static async Task<Dictionary<Guid, long>> LogsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var logs = new Dictionary<Guid, long>();
        await using var command = new NpgsqlCommand("SELECT log, last FROM gateway_log", connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            logs.Add(row.GetGuid(0), row.GetInt64(1));
        }

        return logs;
    }

    /// <summary>Newest first.</summary>
    public async Task<CallPage> PageAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand { Connection = connection };
        var conditions = Conditions(command);
        if (question.Cursor is { } cursor)
        {
            var (time, log, sequence) = PostgresCursor.Parse(cursor);
            conditions += $" AND (time, log, sequence) < ({Add(command, time)}, {Add(command, log)}, {Add(command, sequence)})";
        }

        command.CommandText = $"SELECT time, log, sequence, event FROM gateway_call WHERE {conditions} ORDER BY time DESC, log DESC, sequence DESC LIMIT {Add(command, question.Limit + 1)}";
        var found = (await RowsAsync(command, cancellationToken)).Select(row => new FoundCall(PostgresCursor.Format(row.Time, row.Log, row.Sequence), row.Event)).ToList();
        return found.Count <= question.Limit ? new CallPage(found, null) : new CallPage(found[..question.Limit], found[question.Limit - 1].Cursor);
    }

    /// <summary>Oldest first, each log from where it was left.</summary>
    public async Task<CallPage> FollowAsync(CancellationToken cancellationToken)
    {
        var read = question.Cursor is { } cursor ? PostgresCursor.ParseLogs(cursor) : [];
        var rows = new List<CallRow>();
        var ends = await LogsAsync(connection, cancellationToken);
        foreach (var log in ends.Keys)
        {
            await using var command = new NpgsqlCommand { Connection = connection };
            command.CommandText =
                $"SELECT time, log, sequence, event FROM gateway_call WHERE log = {Add(command, log)} AND sequence > {Add(command, read.GetValueOrDefault(log))} AND {Conditions(command)} ORDER BY sequence LIMIT {Add(command, question.Limit + 1)}";
            rows.AddRange(await RowsAsync(command, cancellationToken));
        }

        // Near the order of time, and within each log in its own: what was logged late must not be passed over.
        var pending = rows.GroupBy(row => row.Log).Select(group => new Queue<CallRow>(group)).ToList();
        var found = new List<FoundCall>();
        while (found.Count < question.Limit && pending.Where(queue => queue.Count > 0).MinBy(queue => queue.Peek().Time) is { } queue)
        {
            var row = queue.Dequeue();
            read[row.Log] = row.Sequence;
            found.Add(new FoundCall(PostgresCursor.Format(read), row.Event));
        }

        if (pending.TrueForAll(queue => queue.Count == 0))
        {
            foreach (var (log, last) in ends)
            {
                read[log] = Math.Max(last, read.GetValueOrDefault(log));
            }
        }

        return new CallPage(found, PostgresCursor.Format(read));
    }

    private string Conditions(NpgsqlCommand command)
    {
        var conditions = new StringBuilder("TRUE");
        Equal("agent", CallKey.Agent, _filter.Agent);
        Equal("tool", CallKey.Tool, _filter.Tool);
        Equal("reason", CallKey.Reason, _filter.Reason);
        Equal("task", CallKey.Task, _filter.Task);
        conditions.Append(_filter.IsAllowed switch { null => "", true => " AND allowed", false => " AND NOT allowed" });
        if (_filter.HasTimes)
        {
            conditions.Append(" AND time BETWEEN ").Append(Add(command, _filter.FirstTime)).Append(" AND ").Append(Add(command, _filter.LastTime));
        }

        return conditions.ToString();

        void Equal(string column, char field, string? value)
        {
            if (value is not null)
            {
                conditions.Append(" AND ").Append(column).Append(" = ").Append(Add(command, CallKey.Of(field, value)));
            }
        }
    }

    /// <returns>The parameter's place.</returns>
    private static string Add(NpgsqlCommand command, object value)
    {
        command.Parameters.Add(new NpgsqlParameter { Value = value });
        return $"${command.Parameters.Count}";
    }

    private static async Task<List<CallRow>> RowsAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var rows = new List<CallRow>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add(new CallRow(row.GetInt64(0), row.GetGuid(1), row.GetInt64(2), Encoding.UTF8.GetBytes(row.GetString(3))));
        }

        return rows;
    }
}
