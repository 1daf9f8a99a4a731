namespace Gateway.Core.Audit.Verification;

/// <summary>A line's place in the files.</summary>
internal readonly record struct LogPosition(string? Segment, long Line);
