using System.Collections.Concurrent;

namespace Gateway.Core.Credentials;

/// <summary>Holds back new leases of the tasks for which a process before this one left something to revoke, until that was tried once.</summary>
internal sealed class LeaseDrain(TimeProvider clock)
{
    /// <summary>Longer would keep a task from working because its issuer is down, which another attempt does not mend.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Task> _waits = new(StringComparer.Ordinal);

    /// <summary>Begins to hold back. Before the first lease is asked for.</summary>
    public void Begin(IEnumerable<Debt> debts)
    {
        foreach (var task in debts.Where(d => d.Owed.Key.Task.Length > 0).GroupBy(d => d.Owed.Key.Task, StringComparer.Ordinal))
        {
            var tried = Task.WhenAll(task.Select(d => d.WaitUntilTriedAsync(CancellationToken.None)));
            _waits[task.Key] = Task.WhenAny(tried, Task.Delay(Patience, clock, CancellationToken.None));
        }
    }

    public Task WaitAsync(string task, CancellationToken cancellationToken) =>
        _waits.TryGetValue(task, out var wait) && !wait.IsCompleted ? wait.WaitAsync(cancellationToken) : Task.CompletedTask;
}
