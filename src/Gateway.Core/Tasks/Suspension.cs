namespace Gateway.Core.Tasks;

/// <summary>Agents that must not call.</summary>
/// <param name="Pattern">Which.</param>
/// <param name="Reason">Why, in the words of whoever suspended them.</param>
/// <param name="Since">From when on.</param>
internal sealed record Suspension(AgentPattern Pattern, string Reason, DateTimeOffset Since);
