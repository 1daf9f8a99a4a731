using Gateway.Core.Audit.UnderWay;

namespace Gateway.Core.Audit;

/// <summary>A record on its way to the writer; the zero value asks for a look after the directory.</summary>
/// <param name="Record">The record.</param>
/// <param name="Open">The call that it closes; none for other records.</param>
internal readonly record struct PendingRecord(AuditRecord? Record, OpenCall Open)
{
    public bool IsCheck => Record is null;
}
