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

    /// <summary>Who answers for the agent. Null: nobody is named.</summary>
    [Expects("who answers for the agent, such as \"billing team\"")]
    public string? Owner { get; init; }

    /// <summary>When the agent may call for the last time. Written as a date, it is that day's end in UTC. Null: it has no end.</summary>
    [Expects("the agent's last day such as \"2027-01-31\", or a time such as \"2027-01-31T12:00:00Z\"")]
    public DateTimeOffset? NotAfter { get; init; }
}
