namespace Gateway.Core.Audit;

/// <summary>One line of the call log: a call, or something else that happened.</summary>
internal abstract class AuditRecord
{
    /// <summary>Names it in messages to operators.</summary>
    public abstract string Uid { get; }
}
