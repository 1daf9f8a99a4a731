namespace Gateway.Core.Tasks;

/// <summary>How a task ended.</summary>
/// <param name="Reason">Why.</param>
/// <param name="At">When no call of it could start any more.</param>
/// <param name="Detail">One sentence for the SOC; null where the reason says it all.</param>
/// <param name="By">The agent or the operator who ended it; null where nobody asked for it.</param>
internal sealed record TaskEnd(TaskEndReason Reason, DateTimeOffset At, string? Detail = null, string? By = null)
{
    /// <summary>To the millisecond, as it is stored: a receipt says the same before and after a restart.</summary>
    public DateTimeOffset At { get; } = TaskRules.ToMilliseconds(At);
}
