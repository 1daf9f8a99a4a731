using Gateway.Core.Audit;
using Gateway.Core.Credentials;
using Gateway.Core.Tasks;

namespace Gateway.Tasks;

/// <summary>Puts what happens to tasks and agents into the call log, as OCSF class 3004.</summary>
internal sealed class TaskEvents(ICallJournal journal, TimeProvider clock)
{
    private const string AgentType = "Agent";
    private const int Informational = 1;
    private const int Medium = 3;

    /// <param name="task">The task.</param>
    /// <param name="by">The agent or the operator who started it.</param>
    public void Started(AgentTask task, string by)
    {
        var definition = task.Definition;
        journal.Record(new EntityEvent
        {
            Id = NewId(definition.StartedAt),
            At = definition.StartedAt,
            Activity = EntityActivity.Activate,
            Type = EntityEvent.TaskType,
            Entity = task.Id,
            Name = definition.Purpose,
            Task = task.Id,
            Actor = by,
            Message = "task started",
            Data = [.. Data(definition)],
        });
    }

    /// <param name="task">One that has ended.</param>
    /// <param name="leases">What became of its leases, as far as is known now.</param>
    public void Ended(AgentTask task, IReadOnlyList<LeaseAccount> leases)
    {
        if (task.End is not { } end)
        {
            return;
        }

        var now = clock.GetUtcNow();
        var isOrderly = end.Reason is TaskEndReason.Completed or TaskEndReason.Expired or TaskEndReason.Interrupted;
        journal.Record(new EntityEvent
        {
            Id = NewId(now),
            At = now,
            Activity = EntityActivity.Deactivate,
            Type = EntityEvent.TaskType,
            Entity = task.Id,
            Name = task.Definition.Purpose,
            Task = task.Id,
            Actor = end.By ?? task.Definition.Agent,
            Severity = isOrderly ? Informational : Medium,
            StatusDetail = end.Reason.Name(),
            Message = end.Detail ?? $"task ended: {end.Reason.Name()}",
            Data =
            [
                .. Data(task.Definition),
                KeyValuePair.Create<string, object>("ended_at", end.At),
                .. task.IsRestored ? [] : (KeyValuePair<string, object>[])[KeyValuePair.Create<string, object>("calls", (long)task.Calls)],
                KeyValuePair.Create<string, object>("leases", (long)leases.Count),
                KeyValuePair.Create<string, object>("lease_uses", leases.Sum(l => l.Uses)),
                KeyValuePair.Create<string, object>("leases_confirmed", leases.LongCount(l => l.Revocation == LeaseRevocation.Confirmed)),
                KeyValuePair.Create<string, object>("leases_queued", leases.LongCount(l => l.Revocation == LeaseRevocation.Queued)),
                KeyValuePair.Create<string, object>("leases_irrevocable", leases.LongCount(l => l.Revocation is LeaseRevocation.Unsupported or LeaseRevocation.Failed)),
            ],
        });
    }

    /// <summary>Completes when everything that was put into the log before is on file.</summary>
    public Task WaitUntilWrittenAsync(CancellationToken cancellationToken) => journal.FlushAsync(cancellationToken);

    /// <param name="pattern">Who.</param>
    /// <param name="reason">Why.</param>
    /// <param name="by">Who says so.</param>
    public void Suspended(AgentPattern pattern, string reason, string by) => journal.Record(Agent(EntityActivity.Suspend, pattern, by, "suspended", reason, Medium));

    public void Resumed(AgentPattern pattern, string by) => journal.Record(Agent(EntityActivity.Resume, pattern, by, "resumed", null, Informational));

    private EntityEvent Agent(EntityActivity activity, AgentPattern pattern, string by, string status, string? message, int severity)
    {
        var now = clock.GetUtcNow();
        return new EntityEvent
        {
            Id = NewId(now),
            At = now,
            Activity = activity,
            Type = AgentType,
            Entity = pattern.Text,
            Actor = by,
            Severity = severity,
            StatusDetail = status,
            Message = message,
        };
    }

    private static string NewId(DateTimeOffset at) => Guid.CreateVersion7(at).ToString();

    private static IEnumerable<KeyValuePair<string, object>> Data(TaskDefinition task)
    {
        (string Name, object? Value)[] all =
        [
            ("agent", task.Agent),
            ("started_at", task.StartedAt),
            ("expires_at", task.ExpiresAt),
            ("tools", task.Tools),
            ("scopes", task.Scopes),
            ("user", task.User),
            ("parent", task.Parent),
            ("transaction", task.Transaction),
            ("chain", task.Chain),
            ("depth", (long)task.Depth),
        ];
        return from entry in all where entry.Value is not null select KeyValuePair.Create(entry.Name, entry.Value);
    }
}
