namespace Gateway.Core.Policy;

/// <summary>A tool as policy speaks of it.</summary>
/// <param name="Name">The tool's name: <c>Tool::"name"</c>.</param>
/// <param name="Host">Host of its upstream; of several destinations the first by name.</param>
/// <param name="Groups">Its <c>ToolGroup</c> parents.</param>
/// <param name="Labels">The record <c>labels</c>.</param>
/// <param name="Operations">Its operations.</param>
internal sealed record ToolVocabulary(
    string Name,
    string Host,
    IReadOnlyList<string> Groups,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<OperationVocabulary> Operations)
{
    /// <summary>Whether a request that matches no operation is refused before policy is asked.</summary>
    public bool OnlyOperations { get; init; }

    /// <summary>Methods beside <see cref="ActionVocabulary.Methods"/> that policies speak of, such as PROPFIND.</summary>
    public IReadOnlyList<string> OtherMethods { get; init; } = [];
}
