using Gateway.Core.Credentials;
using Gateway.Core.Tasks;

namespace Gateway.Tasks;

/// <summary>What became of a task and of every lease that was issued for it.</summary>
/// <param name="Task">What it was started as.</param>
/// <param name="End">How it ended.</param>
/// <param name="Leases">Oldest first.</param>
/// <param name="AsOf">When this was true; a revocation that was queued then may be confirmed since.</param>
internal sealed record TaskReceipt(TaskDefinition Task, TaskEnd End, IReadOnlyList<LeaseAccount> Leases, DateTimeOffset AsOf);
