namespace Gateway.Core.Policy;

/// <summary>What an agent did before one call.</summary>
/// <param name="history">The agent's.</param>
/// <param name="at">When the call was counted in.</param>
/// <param name="callsLastMinute">As counted then, without the call itself.</param>
/// <param name="callsLastHour">As counted then, without the call itself.</param>
internal sealed class CallHistoryView(AgentHistory history, DateTimeOffset at, int callsLastMinute, int callsLastHour) : IHistoryFacts
{
    public int CallsLastMinute => callsLastMinute;

    public int CallsLastHour => callsLastHour;

    public int DeniedLastHour => history.DeniedLastHour(at);

    public IReadOnlyList<string> ToolsLastHour => history.ToolsLastHour(at);

    /// <summary>Notes what policy decided about the call.</summary>
    /// <param name="tool">The call's tool.</param>
    /// <param name="permitted">Whether the call counts as one; otherwise it counts as a denial.</param>
    public void Decided(string tool, bool permitted) => history.Decided(at, tool, permitted);
}
