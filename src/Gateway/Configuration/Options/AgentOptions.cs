using System.Collections.ObjectModel;

namespace Gateway.Configuration;

/// <summary>What the operator knows about one agent.</summary>
internal sealed record AgentOptions
{
    /// <summary>Parents of the agent in policy: <c>AgentGroup::"…"</c>. Default: none.</summary>
    [Expects("names of groups such as [\"finance\"]")]
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary><c>principal.labels</c> in policy. The label "environment" is also <c>principal.environment</c>. Default: none.</summary>
    [Expects("labels such as { \"environment\": \"prod\" }")]
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
