using Gateway.Core.Audit;
using Gateway.Core.Audit.Alerts;
using Gateway.Core.Audit.UnderWay;

namespace Gateway.Core.Tests.Audit.Alerts;

/// <summary>A journal that keeps what it is given, an alerting one before it, and a clock that stands.</summary>
internal sealed class AlertScene : TimeProvider, ICallJournal
{
    private TimeSpan _elapsed;

    public AlertScene(AlertLimits? limits = null) => Journal = new AlertingJournal(this, limits ?? new AlertLimits(), this);

    public AlertingJournal Journal { get; }

    public List<AuditRecord> Records { get; } = [];

    public IReadOnlyList<AlertEvent> Alerts => [.. Records.OfType<AlertEvent>()];

    public bool IsAvailable => true;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _elapsed.Ticks;

    public override DateTimeOffset GetUtcNow() => Calls.Start + _elapsed;

    public void Advance(TimeSpan by) => _elapsed += by;

    public bool TryAdmit() => true;

    public ValueTask<OpenCall> OpenAsync(CallRecord record, CancellationToken cancellationToken) => default;

    public void Record(CallRecord record, OpenCall open = default) => Records.Add(record);

    public void Record(EntityEvent record) => Records.Add(record);

    public void Record(AlertEvent record) => Records.Add(record);

    public Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
