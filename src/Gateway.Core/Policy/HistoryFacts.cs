namespace Gateway.Core.Policy;

/// <summary>A history that somebody has written down.</summary>
internal sealed record HistoryFacts(int CallsLastMinute, int CallsLastHour, int DeniedLastHour, IReadOnlyList<string> ToolsLastHour) : IHistoryFacts;
