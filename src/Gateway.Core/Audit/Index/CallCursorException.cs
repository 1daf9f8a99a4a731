namespace Gateway.Core.Audit.Index;

/// <summary>A cursor that no page ever gave.</summary>
internal sealed class CallCursorException() : FormatException("This is no cursor.");
