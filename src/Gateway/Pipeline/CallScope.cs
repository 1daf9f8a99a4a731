using Gateway.Core.Tasks;

namespace Gateway.Pipeline;

/// <summary>A call's place in the gates of its agent and its task, and the signal that tells it to stop.</summary>
internal sealed class CallScope : IDisposable
{
    private readonly AgentDirectory _agents;
    private readonly string _id;
    private readonly CallGate _agent;
    private readonly CancellationTokenSource _stop;
    private readonly Action<AgentTask>? _lastLeft;

    /// <param name="agents">Where the agent's suspension is found, should there be one.</param>
    /// <param name="id">The agent's.</param>
    /// <param name="agent">Its gate, entered.</param>
    /// <param name="task">Entered; null where the call has none.</param>
    /// <param name="aborted">The agent's own end of the call.</param>
    /// <param name="lastLeft">Told of the task when the last of its calls is over; null where that means nothing.</param>
    public CallScope(AgentDirectory agents, string id, CallGate agent, AgentTask? task, CancellationToken aborted, Action<AgentTask>? lastLeft = null)
    {
        _agents = agents;
        _id = id;
        _agent = agent;
        _lastLeft = lastLeft;
        Task = task;
        _stop = task is null
            ? CancellationTokenSource.CreateLinkedTokenSource(aborted, agent.Cut)
            : CancellationTokenSource.CreateLinkedTokenSource(aborted, agent.Cut, task.Gate.Cut);
    }

    public AgentTask? Task { get; }

    /// <summary>Cancelled when the agent goes away, its task ends, or it is suspended.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Why the gateway cut the call off; null where it did not.</summary>
    public Refusal? Cut =>
        _agent.Cut.IsCancellationRequested ? TaskRefusals.Suspended(_agents.Find(_id))
        : Task?.Gate.Cut.IsCancellationRequested == true ? TaskRefusals.Ended(Task)
        : null;

    /// <summary>Why nothing of the call may start any more; null where it may. In its task's grace a call is over without being cut off.</summary>
    public Refusal? Over => Cut ?? (Task?.Gate.IsClosed == true ? TaskRefusals.Ended(Task) : null);

    /// <summary>Leaves the gates: whoever waits for the call to be over need not wait for the agent to read its answer.</summary>
    public void Dispose()
    {
        if (Task?.Leave() == true)
        {
            _lastLeft?.Invoke(Task);
        }

        _agent.Leave();
        _stop.Dispose();
    }
}
