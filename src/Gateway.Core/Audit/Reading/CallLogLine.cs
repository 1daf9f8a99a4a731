namespace Gateway.Core.Audit.Reading;

/// <summary>One line of the call log.</summary>
/// <param name="Sequence">Its <c>metadata.sequence</c>.</param>
/// <param name="Json">The event, without the line feed; good until the reader is asked for more.</param>
/// <param name="Place">Where it was read.</param>
internal readonly record struct CallLogLine(long Sequence, ReadOnlyMemory<byte> Json, CallPlace Place);
