namespace Gateway.Core.Policy;

/// <summary>A tool as policy speaks of it.</summary>
/// <param name="Name">The tool's name: <c>Tool::"name"</c>.</param>
/// <param name="Host">Host of its upstream; of several destinations the first by name.</param>
/// <param name="Groups">Its <c>ToolGroup</c> parents.</param>
/// <param name="Labels">The record <c>labels</c>.</param>
/// <param name="Operations">Names of its operations with their methods.</param>
internal sealed record ToolVocabulary(
    string Name,
    string Host,
    IReadOnlyList<string> Groups,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<KeyValuePair<string, string>> Operations);
