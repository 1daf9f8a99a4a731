using Gateway.Core.Credentials;
using Microsoft.Data.Sqlite;

namespace Gateway.Integrations.Sqlite;

/// <summary>The table <c>lease</c>, with what became of each lease's debt.</summary>
internal sealed class SqliteLeaseAccounts(StateDatabase state) : ILeaseAccounts
{
    public async ValueTask OpenAsync(LeaseAccount account, CancellationToken cancellationToken) =>
        await RunAsync(
            t => t.Execute(
                """
                INSERT INTO lease (id, agent, task, tool, credential, scope, issued_at, expires_at, dies_at, debt, uses, uses_exact, ended_at)
                VALUES ($id, $agent, $task, $tool, $credential, $scope, $issued_at, $expires_at, $dies_at, $debt, $uses, $uses_exact, $ended_at)
                """,
                ("$id", account.Id),
                ("$agent", account.Key.Agent),
                ("$task", account.Key.Task),
                ("$tool", account.Key.Tool),
                ("$credential", account.Key.Credential),
                ("$scope", account.Key.Scope),
                ("$issued_at", account.IssuedAt),
                ("$expires_at", account.ExpiresAt),
                ("$dies_at", account.ResidualExpiry),
                ("$debt", account.Debt),
                ("$uses", account.Uses),
                ("$uses_exact", account.EndedAt is not null),
                ("$ended_at", account.EndedAt)),
            cancellationToken);

    public async ValueTask UpdateAsync(IReadOnlyCollection<LeaseAccount> accounts, CancellationToken cancellationToken) =>
        await RunAsync(
            // An end stands: what was seen of the lease before may be written after it.
            t => accounts.Sum(account => t.Execute(
                """
                UPDATE lease SET uses = max(uses, $uses), uses_exact = $ended_at IS NOT NULL, ended_at = $ended_at,
                    expires_at = $expires_at, dies_at = $dies_at
                WHERE id = $id AND ended_at IS NULL
                """,
                ("$id", account.Id),
                ("$uses", account.Uses),
                ("$ended_at", account.EndedAt),
                ("$expires_at", account.ExpiresAt),
                ("$dies_at", account.ResidualExpiry))),
            cancellationToken);

    public async ValueTask<IReadOnlyList<LeaseAccount>> OfTaskAsync(string task, CancellationToken cancellationToken) =>
        await RunAsync(
            t => t.Query(
                """
                SELECT lease.*, revocation.state AS state, revocation.expires_at AS debt_expires_at
                FROM lease LEFT JOIN revocation ON revocation.id = lease.debt
                WHERE lease.task = $task ORDER BY lease.issued_at, lease.id
                """,
                Read,
                ("$task", task)),
            cancellationToken);

    public async ValueTask AbandonAsync(DateTimeOffset at, CancellationToken cancellationToken) =>
        await RunAsync(
            t => t.Execute("UPDATE lease SET ended_at = $at, uses_exact = 0 WHERE ended_at IS NULL", ("$at", at)),
            cancellationToken);

    public async ValueTask PruneAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        await RunAsync(
            t => t.Execute(
                """
                DELETE FROM lease WHERE ended_at < $before
                    AND NOT EXISTS (SELECT 1 FROM task WHERE task.id = lease.task)
                    AND (debt IS NULL OR NOT EXISTS (SELECT 1 FROM revocation WHERE revocation.id = lease.debt AND state = 0));
                DELETE FROM revocation WHERE settled_at < $before AND NOT EXISTS (SELECT 1 FROM lease WHERE lease.debt = revocation.id);
                """,
                ("$before", before)),
            cancellationToken);

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

    private static LeaseAccount Read(SqliteDataReader row)
    {
        var revocation = row.TextOrNull("debt") is null ? LeaseRevocation.Unsupported : (DebtState?)row.NumberOrNull("state") switch
        {
            DebtState.Confirmed => LeaseRevocation.Confirmed,
            DebtState.Unsupported => LeaseRevocation.Unsupported,
            DebtState.Expired => LeaseRevocation.Failed,
            _ => LeaseRevocation.Queued,
        };
        return new LeaseAccount
        {
            Id = row.Text("id"),
            Key = row.LeaseKey(),
            IssuedAt = row.Time("issued_at"),
            ExpiresAt = row.Time("expires_at"),
            EndedAt = row.TimeOrNull("ended_at"),
            Uses = row.Number("uses"),
            UsesAreExact = row.Number("uses_exact") != 0,
            Revocation = revocation,
            ResidualExpiry = revocation == LeaseRevocation.Confirmed ? null : row.TimeOrNull("debt_expires_at") ?? row.TimeOrNull("dies_at"),
            Debt = row.TextOrNull("debt"),
        };
    }
}
