namespace Gateway.Core.Audit.Index;

/// <summary>A call that was found.</summary>
/// <param name="Cursor">Its place: a page asked for with it begins behind this call.</param>
/// <param name="Event">The event as it is in the log, without the line feed.</param>
internal readonly record struct FoundCall(string Cursor, ReadOnlyMemory<byte> Event);
