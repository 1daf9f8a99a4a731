namespace Gateway.Core.Audit;

/// <summary>Segments at the log's beginning whose time is over.</summary>
/// <param name="Paths">Their files, oldest first.</param>
/// <param name="First">The first record in them.</param>
/// <param name="Last">The last one.</param>
/// <param name="Chain">The last one's value in the chain, hexadecimal.</param>
internal sealed record ExpiredSegments(IReadOnlyList<string> Paths, long First, long Last, string Chain);
