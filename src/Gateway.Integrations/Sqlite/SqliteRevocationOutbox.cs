using Gateway.Core.Credentials;
using Microsoft.Data.Sqlite;

namespace Gateway.Integrations.Sqlite;

/// <summary>The table <c>revocation</c>.</summary>
internal sealed class SqliteRevocationOutbox(StateDatabase state, HandleProtection protection) : IRevocationOutbox
{
    public async ValueTask AddAsync(OwedRevocation owed, CancellationToken cancellationToken)
    {
        var handle = await protection.ProtectAsync(owed.Id, owed.Revocation.Handle, cancellationToken);
        await RunAsync(
            t => t.Execute(
                """
                INSERT INTO revocation (id, lease, agent, task, tool, credential, scope, kind, issuer, handle, serves_task, expires_at, covered_by, noted_at)
                VALUES ($id, $lease, $agent, $task, $tool, $credential, $scope, $kind, $issuer, $handle, $serves_task, $expires_at, $covered_by, $noted_at)
                """,
                ("$id", owed.Id),
                ("$lease", owed.Lease),
                ("$agent", owed.Key.Agent),
                ("$task", owed.Key.Task),
                ("$tool", owed.Key.Tool),
                ("$credential", owed.Key.Credential),
                ("$scope", owed.Key.Scope),
                ("$kind", owed.Revocation.Kind),
                ("$issuer", owed.Revocation.Issuer),
                ("$handle", handle),
                ("$serves_task", owed.Revocation.ServesTask),
                ("$expires_at", owed.Revocation.ExpiresAt),
                ("$covered_by", owed.CoveredBy),
                ("$noted_at", owed.NotedAt)),
            cancellationToken);
    }

    public async ValueTask ExtendAsync(string id, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        await RunAsync(
            t => t.Execute("UPDATE revocation SET expires_at = $expires_at WHERE id = $id AND state = 0", ("$id", id), ("$expires_at", expiresAt)),
            cancellationToken);

    public async ValueTask SettleAsync(string id, DebtState outcome, DateTimeOffset at, CancellationToken cancellationToken) =>
        await RunAsync(
            t => t.Execute(
                "UPDATE revocation SET state = $state, settled_at = $at, handle = '' WHERE id = $id AND state = 0",
                ("$id", id),
                ("$state", (long)outcome),
                ("$at", at)),
            cancellationToken);

    public async ValueTask<IReadOnlyList<OwedRevocation>> LoadAsync(CancellationToken cancellationToken) =>
        await RunAsync(t => t.Query("SELECT * FROM revocation WHERE state = 0 ORDER BY noted_at", Read), cancellationToken);

    private async Task<T> RunAsync<T>(Func<StateTransaction, T> work, CancellationToken cancellationToken)
    {
        try
        {
            return await state.RunAsync(work, cancellationToken);
        }
        catch (StateDatabaseException unavailable)
        {
            throw new LedgerUnavailableException(unavailable.Message);
        }
    }

    private OwedRevocation Read(SqliteDataReader row)
    {
        var id = row.Text("id");
        var handle = protection.Unprotect(id, row.Text("handle"), out var problem);
        return new OwedRevocation(
            id,
            row.Text("lease"),
            row.LeaseKey(),
            new Revocation(row.Text("kind"), handle ?? new SecretValue(""), row.TimeOrNull("expires_at"))
            {
                Issuer = row.TextOrNull("issuer"),
                ServesTask = row.Number("serves_task") != 0,
            },
            row.TextOrNull("covered_by"),
            row.Time("noted_at"))
        {
            Problem = problem,
        };
    }
}
