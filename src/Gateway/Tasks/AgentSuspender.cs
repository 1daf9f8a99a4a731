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

    private readonly BackgroundWork _background = new(logger);

    /// <summary>As <see cref="SuspendAsync"/>, from within a call of the agent: no further call starts after the return, the rest follows in the background.</summary>
    public void Begin(AgentPattern pattern, string reason)
    {
        var closed = agents.Suspend(pattern, reason);
        _background.Begin(() => ConcludeAsync(pattern, reason, PolicyName, closed, CancellationToken.None));
    }

    /// <summary>After the return nothing of the agents starts at an upstream any more.</summary>
    /// <param name="pattern">Which.</param>
    /// <param name="reason">Why.</param>
    /// <param name="by">Who says so, for the log.</param>
    /// <param name="cancellationToken">Ends the waiting, not the suspension.</param>
    /// <exception cref="StateUnavailableException">They are suspended in this process, and that could not be written down.</exception>
    public Task SuspendAsync(AgentPattern pattern, string reason, string by, CancellationToken cancellationToken) =>
        ConcludeAsync(pattern, reason, by, agents.Suspend(pattern, reason), cancellationToken);

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

    private async Task ConcludeAsync(AgentPattern pattern, string reason, string by, IReadOnlyList<CallGate> closed, CancellationToken cancellationToken)
    {
        foreach (var gate in closed)
        {
            gate.CutOff();
        }

        leases.EndAgents(pattern.Matches);
        Suspended(logger, pattern.Text);
        events.Suspended(pattern, reason, by);

        // Closed before anything is waited for: parts of these tasks may be other agents'.
        var ending = EndTasksAsync(pattern, reason, by, cancellationToken);
        Exception? unwritten = null;
        try
        {
            await agents.RememberAsync(pattern, cancellationToken);
        }
        catch (StateUnavailableException problem)
        {
            unwritten = problem;
        }

        unwritten = await ending ?? unwritten;
        await Task.WhenAll(closed.Select(gate => TaskEnder.WaitUntilQuietAsync(gate, cancellationToken)));

        // Again, for a task that one of the calls was about to start.
        unwritten = await EndTasksAsync(pattern, reason, by, cancellationToken) ?? unwritten;
        if (unwritten is not null)
        {
            throw new StateUnavailableException(unwritten.Message, unwritten);
        }
    }

    /// <returns>What could not be written down.</returns>
    private async Task<Exception?> EndTasksAsync(AgentPattern pattern, string reason, string by, CancellationToken cancellationToken)
    {
        try
        {
            var running = tasks.All.Where(t => t.End is null && pattern.Matches(t.Definition.Agent));
            await ender.EndAllAsync(running, TaskEndReason.Killed, $"Its agent was suspended: {reason}", by, cancellationToken);
            return null;
        }
        catch (StateUnavailableException problem)
        {
            return problem;
        }
    }

    [LoggerMessage(1202, LogLevel.Warning, "Suspended: {Pattern}", EventName = "AgentsSuspended")]
    private static partial void Suspended(ILogger logger, string pattern);
}
