namespace Gateway.Core.Audit.Index;

/// <summary>Calls that were asked for.</summary>
/// <param name="Calls">In the order asked for.</param>
/// <param name="Next">
/// Where the next page goes on. Null where the newest came first and there are no more; never where the oldest came first,
/// for more may be written.
/// </param>
internal sealed record CallPage(IReadOnlyList<FoundCall> Calls, string? Next);
