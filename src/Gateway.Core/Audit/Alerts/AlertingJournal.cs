using Gateway.Core.Audit.UnderWay;

namespace Gateway.Core.Audit.Alerts;

/// <summary>Sees every record on its way into the log, and puts an alert behind those that somebody should look at.</summary>
/// <remarks>A call that went as it should costs a few comparisons.</remarks>
internal sealed class AlertingJournal(ICallJournal log, AlertLimits limits, TimeProvider clock) : ICallJournal
{
    private readonly AlertGate _gate = new(limits, clock);
    private readonly DenialCounter _denials = new(limits.DenialsPerMinute, clock);

    public bool IsAvailable => log.IsAvailable;

    public bool TryAdmit() => log.TryAdmit();

    public ValueTask<OpenCall> OpenAsync(CallRecord record, CancellationToken cancellationToken) => log.OpenAsync(record, cancellationToken);

    public void Record(CallRecord record, OpenCall open = default)
    {
        log.Record(record, open);
        if (record.Suspicion != AlertKind.None)
        {
            Raise(record.Suspicion, record, record.Detail);
        }

        if (record is { LegacyExpires: true, Forwarded: true })
        {
            Raise(AlertKind.ExpiringSecret, record, record.LegacyOwner is { } owner ? $"Its owner is {owner}." : null);
        }

        // Where policy only watches, nothing was denied.
        if (record is { Decision: "deny", PolicyMode: null or "enforce", Agent: { } agent } && _denials.Add(agent))
        {
            Raise(AlertKind.DenialBurst, record, $"At least {limits.DenialsPerMinute} calls were denied within a minute.");
        }
    }

    public void Record(EntityEvent record)
    {
        log.Record(record);
        if (record is { Activity: EntityActivity.Deactivate, Type: EntityEvent.TaskType, StatusDetail: "deviated" })
        {
            Raise(AlertKind.Deviation, record, Value(record, "agent"));
        }
        else if (record is { Activity: EntityActivity.Delete, Type: EntityEvent.LeaseType, StatusDetail: "failed" })
        {
            Raise(AlertKind.IrrevocableLease, record, Value(record, "agent"));
        }
    }

    public void Record(AlertEvent record) => log.Record(record);

    public Task FlushAsync(CancellationToken cancellationToken) => log.FlushAsync(cancellationToken);

    private static string? Value(EntityEvent record, string name) => record.Data.FirstOrDefault(entry => entry.Key == name).Value as string;

    private void Raise(AlertKind kind, CallRecord call, string? detail)
    {
        if (_gate.TryPass(kind, call.Agent, call.Tool, out var suppressed))
        {
            var now = clock.GetUtcNow();
            log.Record(new AlertEvent
            {
                Id = Guid.CreateVersion7(now).ToString(),
                At = now,
                Kind = kind,
                Agent = call.Agent,
                ClaimedAgent = call.ClaimedAgent,
                Tool = call.Tool,
                Operation = call.Operation,
                Credential = call.Credential,
                Lease = call.Lease,
                Task = call.Task,
                Cause = call.Call,
                SourceIp = call.SourceIp,
                Detail = detail,
                Suppressed = suppressed,
            });
        }
    }

    private void Raise(AlertKind kind, EntityEvent cause, string? agent)
    {
        var isLease = kind == AlertKind.IrrevocableLease;
        var tool = isLease ? Value(cause, "tool") : null;
        if (_gate.TryPass(kind, agent, tool, out var suppressed))
        {
            var now = clock.GetUtcNow();
            log.Record(new AlertEvent
            {
                Id = Guid.CreateVersion7(now).ToString(),
                At = now,
                Kind = kind,
                Agent = agent,
                Tool = tool,
                Credential = isLease ? cause.Name : null,
                Lease = isLease ? cause.Entity : null,
                Task = cause.Task,
                Cause = cause.Id,
                SourceIp = cause.SourceIp,
                Detail = cause.Message,
                Suppressed = suppressed,
            });
        }
    }
}
