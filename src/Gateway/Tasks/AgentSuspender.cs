using Gateway.Core.Tasks;

namespace Gateway.Tasks;

/// <summary>Suspends agents: no further call, calls under way cut off, their tasks ended, their leases dropped and revoked.</summary>
internal sealed partial class AgentSuspender(
    AgentDirectory agents,
    TaskRegistry tasks,
    TaskEnder ender,
    TaskLeases leases,
    TaskEvents events,
    ILogger<AgentSuspender> logger) : IAsyncDisposable
{
    private const string PolicyName = "policy";

    private readonly BackgroundWork _background = new();

    /// <summary>As <see cref="SuspendAsync"/>, from within a call of the agent, which does not wait for it.</summary>
    public void Begin(AgentPattern pattern, string reason) => _background.Run(() => SuspendAsync(pattern, reason, PolicyName, CancellationToken.None));

    /// <summary>After the return nothing of the agents starts at an upstream any more.</summary>
    /// <param name="pattern">Which.</param>
    /// <param name="reason">Why.</param>
    /// <param name="by">Who says so, for the log.</param>
    /// <param name="cancellationToken">Ends the waiting, not the suspension.</param>
    /// <exception cref="StateUnavailableException">They are suspended in this process, and that could not be written down.</exception>
    public async Task SuspendAsync(AgentPattern pattern, string reason, string by, CancellationToken cancellationToken)
    {
        IReadOnlyList<CallGate> closed = [];
        StateUnavailableException? unwritten = null;
        try
        {
            closed = await agents.SuspendAsync(pattern, reason, cancellationToken);
        }
        catch (StateUnavailableException problem)
        {
            unwritten = problem;
        }

        leases.EndAgents(pattern.Matches);
        foreach (var gate in closed)
        {
            gate.CutOff();
        }

        Suspended(logger, pattern.Text);
        events.Suspended(pattern, reason, by);
        foreach (var task in tasks.All.Where(t => t.End is null && pattern.Matches(t.Definition.Agent)))
        {
            await ender.EndAsync(task, TaskEndReason.Killed, $"Its agent was suspended: {reason}", cancellationToken);
        }

        foreach (var gate in closed)
        {
            await TaskEnder.WaitUntilQuietAsync(gate, cancellationToken);
        }

        if (unwritten is not null)
        {
            throw unwritten;
        }
    }

    public async Task<bool> ResumeAsync(AgentPattern pattern, string by, CancellationToken cancellationToken)
    {
        var resumed = await agents.ResumeAsync(pattern, cancellationToken);
        if (resumed)
        {
            events.Resumed(pattern, by);
        }

        return resumed;
    }

    public ValueTask DisposeAsync() => _background.DisposeAsync();

    [LoggerMessage(1202, LogLevel.Warning, "Suspended: {Pattern}", EventName = "AgentsSuspended")]
    private static partial void Suspended(ILogger logger, string pattern);
}
