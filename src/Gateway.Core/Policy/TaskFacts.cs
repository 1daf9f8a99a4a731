namespace Gateway.Core.Policy;

/// <summary>What policy may know of a call's task: <c>context.task</c>.</summary>
/// <param name="Id">128 random bits, hexadecimal.</param>
/// <param name="Purpose">The words of whoever started it.</param>
/// <param name="User">On whose behalf; null where nobody was named.</param>
/// <param name="Depth">How many tasks are above it.</param>
/// <param name="Calls">Calls that were made under it before this one.</param>
/// <param name="Remaining">Until its lifetime passes.</param>
internal sealed record TaskFacts(string Id, string Purpose, string? User, int Depth, int Calls, TimeSpan Remaining);
