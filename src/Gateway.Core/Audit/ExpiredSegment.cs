namespace Gateway.Core.Audit;

/// <summary>The log's first segment, whose time is over.</summary>
/// <param name="Path">Its file.</param>
/// <param name="First">The first record in it.</param>
/// <param name="Last">The last one.</param>
/// <param name="Chain">The last one's value in the chain, hexadecimal.</param>
internal sealed record ExpiredSegment(string Path, long First, long Last, string Chain);
