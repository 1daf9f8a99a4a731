using Gateway.Core.Credentials;
using Gateway.Core.Tasks;

namespace Gateway.Tasks;

/// <summary>What the end of tasks and the suspension of agents mean for leases.</summary>
internal sealed class TaskLeases(LeaseStore leases, TimeProvider clock)
{
    /// <summary>How long the end of a task waits for issuers; what they have not confirmed by then is queued.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>After the return no request gets a lease of the task.</summary>
    public void End(string task) => leases.EndTask(task);

    /// <summary>After the return no request gets a lease that the agents had.</summary>
    public void EndAgents(Func<string, bool> agents) => leases.EndAgents(agents);

    /// <summary>Has the task's leases revoked, as far as issuers answer in time.</summary>
    /// <exception cref="LedgerUnavailableException">What became of them cannot be read.</exception>
    public Task<IReadOnlyList<LeaseAccount>> SettleAsync(string task, CancellationToken cancellationToken) =>
        leases.SettleTaskAsync(task, Patience, cancellationToken);

    /// <exception cref="LedgerUnavailableException">What became of the leases cannot be read.</exception>
    public async Task<TaskReceipt> ReceiptAsync(TaskDefinition task, TaskEnd end, CancellationToken cancellationToken) =>
        new(task, end, await leases.AccountsAsync(task.Id, cancellationToken), clock.GetUtcNow());
}
