using Gateway.Core.Tasks;
using Microsoft.Data.Sqlite;

namespace Gateway.Integrations.Sqlite;

/// <summary>The table <c>suspension</c>.</summary>
internal sealed class SqliteSuspensionStore(StateDatabase state) : ISuspensionStore
{
    public async ValueTask AddAsync(Suspension suspension, CancellationToken cancellationToken) => await RunAsync(
        t => t.Execute(
            "INSERT OR REPLACE INTO suspension (agent, reason, since) VALUES ($agent, $reason, $since)",
            ("$agent", suspension.Pattern.Text),
            ("$reason", suspension.Reason),
            ("$since", suspension.Since)),
        cancellationToken);

    public async ValueTask RemoveAsync(AgentPattern pattern, CancellationToken cancellationToken) => await RunAsync(
        t => t.Execute("DELETE FROM suspension WHERE agent = $agent", ("$agent", pattern.Text)), cancellationToken);

    public async ValueTask<IReadOnlyList<Suspension>> LoadAsync(CancellationToken cancellationToken) => await RunAsync(
        t => t.Query("SELECT * FROM suspension ORDER BY since", Read), cancellationToken);

    private static Suspension Read(SqliteDataReader row) => AgentPattern.TryParse(row.Text("agent"), out var pattern, out _)
        ? new Suspension(pattern, row.Text("reason"), row.Time("since"))
        : throw new StateDatabaseException("The state file holds a suspension of nobody: it was changed by hand. Restore it from a backup.");

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
