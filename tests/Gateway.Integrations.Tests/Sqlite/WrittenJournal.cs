using Gateway.Core.Audit;
using Gateway.Core.Audit.UnderWay;

namespace Gateway.Integrations.Tests.Sqlite;

/// <summary>The journal of a log whose files the test writes itself: whatever was recorded is on file.</summary>
internal sealed class WrittenJournal : ICallJournal
{
    public bool IsAvailable => true;

    public bool TryAdmit() => throw new NotSupportedException();

    public ValueTask<OpenCall> OpenAsync(CallRecord record, CancellationToken cancellationToken) => throw new NotSupportedException();

    public void Record(CallRecord record, OpenCall open = default) => throw new NotSupportedException();

    public void Record(EntityEvent record) => throw new NotSupportedException();

    public void Record(AlertEvent record) => throw new NotSupportedException();

    public Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
