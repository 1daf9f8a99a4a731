using System.Text.Json;
using Gateway.Core.Tasks;
using Microsoft.Data.Sqlite;

namespace Gateway.Integrations.Sqlite;

/// <summary>The table <c>task</c>.</summary>
internal sealed class SqliteTaskStore(StateDatabase state) : ITaskStore
{
    public async ValueTask AddAsync(TaskDefinition task, CancellationToken cancellationToken) => await RunAsync(
        t => t.Execute(
            """
            INSERT INTO task (id, agent, purpose, started_at, expires_at, tools, scopes, user, parent, txn, chain, depth)
            VALUES ($id, $agent, $purpose, $started_at, $expires_at, $tools, $scopes, $user, $parent, $txn, $chain, $depth)
            """,
            ("$id", task.Id),
            ("$agent", task.Agent),
            ("$purpose", task.Purpose),
            ("$started_at", task.StartedAt),
            ("$expires_at", task.ExpiresAt),
            ("$tools", ToJson(task.Tools)),
            ("$scopes", ToJson(task.Scopes)),
            ("$user", task.User),
            ("$parent", task.Parent),
            ("$txn", task.Transaction),
            ("$chain", ToJson(task.Chain)),
            ("$depth", task.Depth)),
        cancellationToken);

    public async ValueTask EndAsync(string task, TaskEnd end, CancellationToken cancellationToken) => await RunAsync(
        t => t.Execute(
            "UPDATE task SET ended_at = $ended_at, end_reason = $reason, end_detail = $detail, ended_by = $by WHERE id = $id AND ended_at IS NULL",
            ("$id", task),
            ("$ended_at", end.At),
            ("$reason", end.Reason.Name()),
            ("$detail", end.Detail),
            ("$by", end.By)),
        cancellationToken);

    public async ValueTask NoteEndRecordedAsync(string task, CancellationToken cancellationToken) => await RunAsync(
        t => t.Execute("UPDATE task SET end_recorded = 1 WHERE id = $id", ("$id", task)), cancellationToken);

    public async ValueTask<RememberedTask?> FindAsync(string task, CancellationToken cancellationToken) =>
        (await RunAsync(t => t.Query("SELECT * FROM task WHERE id = $id", Read, ("$id", task)), cancellationToken)) is [var found] ? found : null;

    public async ValueTask<IReadOnlyList<RememberedTask>> LoadAsync(DateTimeOffset endedSince, CancellationToken cancellationToken) => await RunAsync(
        t => t.Query("SELECT * FROM task WHERE ended_at IS NULL OR ended_at >= $since OR end_recorded = 0 ORDER BY depth, started_at", Read, ("$since", endedSince)),
        cancellationToken);

    public async ValueTask PruneAsync(DateTimeOffset before, CancellationToken cancellationToken) => await RunAsync(
        t => t.Execute("DELETE FROM task WHERE ended_at < $before", ("$before", before)), cancellationToken);

    private static RememberedTask Read(SqliteDataReader row) => new(
        new TaskDefinition
        {
            Id = row.Text("id"),
            Agent = row.Text("agent"),
            Purpose = row.Text("purpose"),
            StartedAt = row.Time("started_at"),
            ExpiresAt = row.Time("expires_at"),
            Tools = FromJson(row.TextOrNull("tools")),
            Scopes = FromJson(row.TextOrNull("scopes")),
            User = row.TextOrNull("user"),
            Parent = row.TextOrNull("parent"),
            Transaction = row.TextOrNull("txn"),
            Chain = FromJson(row.Text("chain")) ?? [],
            Depth = (int)row.Number("depth"),
        },
        row.TimeOrNull("ended_at") is { } at && TaskEndReasons.TryParse(row.Text("end_reason"), out var reason)
            ? new TaskEnd(reason, at, row.TextOrNull("end_detail"), row.TextOrNull("ended_by"))
            : null)
    {
        EndIsRecorded = row.Number("end_recorded") != 0,
    };

    private static string? ToJson(IReadOnlyList<string>? list) => list is null ? null : JsonSerializer.Serialize(list);

    private static string[]? FromJson(string? json) => json is null ? null : JsonSerializer.Deserialize<string[]>(json);

    private async Task<T> RunAsync<T>(Func<StateTransaction, T> work, CancellationToken cancellationToken)
    {
        try
        {
            return await state.RunAsync(work, cancellationToken);
        }
        catch (StateDatabaseException failure)
        {
            throw new StateUnavailableException(failure.Message, failure);
        }
    }
}
