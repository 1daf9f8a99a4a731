using System.Collections.Concurrent;
using Gateway.Core.Audit;
using Gateway.Core.Audit.UnderWay;

namespace Gateway.Core.Tests.Audit.Delivery;

/// <summary>A journal that keeps events instead of writing them.</summary>
internal sealed class EventList : ICallJournal
{
    public ConcurrentQueue<EntityEvent> Events { get; } = new();

    public bool IsAvailable => true;

    public bool TryAdmit() => true;

    public ValueTask<OpenCall> OpenAsync(CallRecord record, CancellationToken cancellationToken) => throw new InvalidOperationException("Delivery makes no calls.");

    public void Record(CallRecord record, OpenCall open = default) => throw new InvalidOperationException("Delivery makes no calls.");

    public void Record(EntityEvent record) => Events.Enqueue(record);

    public void Record(AlertEvent record) => throw new InvalidOperationException("Delivery raises no alerts.");

    public Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
