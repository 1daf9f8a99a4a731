namespace Gateway.Core.Audit.Chain;

/// <summary>Where the log on file ends.</summary>
/// <param name="Sequence">The last whole record; 0 where there is none.</param>
/// <param name="Chain">Its value in the chain; null where there is no record, or none that can be read.</param>
internal readonly record struct LogTail(long Sequence, byte[]? Chain);
