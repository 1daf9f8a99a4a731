namespace Gateway.Core.Audit.Index;

/// <summary>What calls are looked for by, as one event of the log has it.</summary>
/// <param name="Sequence">The record's number.</param>
/// <param name="Call">The call's id.</param>
/// <param name="Time">When the call began; milliseconds since 1970.</param>
/// <param name="Agent">The verified agent; of a call refused for its identity, who it claimed to be.</param>
/// <param name="Tool">Null where the call named none.</param>
/// <param name="IsAllowed">What policy decided; of a call that policy was not asked about, whether it was let through.</param>
/// <param name="Reason">Why the call was refused; null where it was not.</param>
/// <param name="Task">Null where there was none.</param>
internal sealed record CallFacts(long Sequence, string Call, long Time, string? Agent, string? Tool, bool IsAllowed, string? Reason, string? Task);
