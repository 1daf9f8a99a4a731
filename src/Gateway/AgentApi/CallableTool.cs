namespace Gateway.AgentApi;

/// <summary>A tool that an agent could call, with the operations that it could.</summary>
internal sealed record CallableTool(string Name, string Path, IReadOnlyList<string> Operations);
