namespace Gateway.Core.Audit.Verification;

/// <summary>One thing that is wrong with a log.</summary>
/// <param name="Kind">What.</param>
/// <param name="First">The record that it is about, or the first that may be; 0 where it is about none.</param>
/// <param name="Last">The last record that it may be about.</param>
/// <param name="Segment">The file; null where it is about none.</param>
/// <param name="Line">The line in it, counted from 1; 0 where it is about none.</param>
/// <param name="Text">One sentence, plain ASCII.</param>
internal sealed record Finding(FindingKind Kind, long First, long Last, string? Segment, long Line, string Text);
