namespace Gateway.Core.Tasks;

/// <summary>A task as it was stored.</summary>
/// <param name="Definition">What it was started as.</param>
/// <param name="End">Null where it had not ended.</param>
internal sealed record RememberedTask(TaskDefinition Definition, TaskEnd? End)
{
    /// <summary>Whether its end is in the log, with what became of its leases.</summary>
    public bool EndIsRecorded { get; init; }
}
