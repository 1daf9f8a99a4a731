namespace Gateway.Core.Policy;

/// <summary>What configuration says of one agent.</summary>
/// <param name="Groups">Its <c>AgentGroup</c> parents.</param>
/// <param name="Labels">The record <c>labels</c>; the label "environment" is also the attribute <c>environment</c>.</param>
internal sealed record AgentRegistration(IReadOnlyList<string> Groups, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>The last moment at which it may call; null where it has none.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>The label of this name; null where it has none.</summary>
    public string? Environment => Labels.GetValueOrDefault("environment");
}
