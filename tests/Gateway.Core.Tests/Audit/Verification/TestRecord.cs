namespace Gateway.Core.Tests.Audit.Verification;

/// <summary>A record before it is numbered and chained.</summary>
/// <param name="Kind">The kind of its statement; null for a record without one.</param>
/// <param name="About">For a retention statement, the last record that goes; otherwise the record before is meant.</param>
/// <param name="Text">What makes it different from others.</param>
internal sealed record TestRecord(string? Kind, long About, string Text);
