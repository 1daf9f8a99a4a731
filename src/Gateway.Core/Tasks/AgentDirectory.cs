using System.Collections.Concurrent;

namespace Gateway.Core.Tasks;

/// <summary>The agents that have called, each with the gate of its calls, and those that are suspended.</summary>
/// <remarks>A call costs one look-up by its agent's id; patterns are matched when an agent is first seen and when one is suspended.</remarks>
internal sealed class AgentDirectory(ISuspensionStore store, TimeProvider clock)
{
    private const int Capacity = 100_000;

    private readonly ConcurrentDictionary<string, CallGate> _gates = new(StringComparer.Ordinal);
    private readonly Lock _changing = new();
    private volatile Suspension[] _suspensions = [];

    public IReadOnlyList<Suspension> Suspensions => _suspensions;

    /// <summary>Ids of the agents that have called since the start; some are forgotten when there are very many.</summary>
    public IEnumerable<string> Seen => _gates.Keys;

    /// <summary>Takes up the suspensions of the process before this one. Call once, before any other.</summary>
    public async ValueTask RestoreAsync(CancellationToken cancellationToken) => _suspensions = [.. await store.LoadAsync(cancellationToken)];

    /// <summary>Why an agent must not call; null where it may.</summary>
    public Suspension? Find(string agent)
    {
        foreach (var suspension in _suspensions)
        {
            if (suspension.Pattern.Matches(agent))
            {
                return suspension;
            }
        }

        return null;
    }

    /// <summary>Counts a call in.</summary>
    /// <returns>The gate to leave afterwards; null while the agent is suspended.</returns>
    public CallGate? TryEnter(string agent)
    {
        while (true)
        {
            var gate = _gates.TryGetValue(agent, out var known) ? known : Admit(agent);
            if (gate.TryEnter())
            {
                return gate;
            }

            if (Find(agent) is not null)
            {
                return null;
            }

            // Closed by a suspension that is over, or because it was forgotten.
            _gates.TryRemove(KeyValuePair.Create(agent, gate));
        }
    }

    /// <summary>Stops new calls of the agents at once; those under way go on until <see cref="CallGate.CutOff"/>.</summary>
    /// <returns>The gates that were closed now. To be followed by <see cref="RememberAsync"/>, whose failure must not keep them from being cut off.</returns>
    public IReadOnlyList<CallGate> Suspend(AgentPattern pattern, string reason)
    {
        var suspension = new Suspension(pattern, reason, clock.GetUtcNow());
        var closed = new List<CallGate>();
        lock (_changing)
        {
            // In force before the gates are looked through: an agent that is admitted meanwhile gets a closed one.
            _suspensions = [.. _suspensions.Where(s => s.Pattern != pattern), suspension];
            foreach (var (agent, gate) in _gates)
            {
                if (!gate.IsClosed && pattern.Matches(agent))
                {
                    gate.Close();
                    closed.Add(gate);
                }
            }
        }

        return closed;
    }

    /// <summary>Writes a suspension down, so that it holds after a restart.</summary>
    /// <exception cref="StateUnavailableException">It cannot be; it is in force in this process nevertheless.</exception>
    public async ValueTask RememberAsync(AgentPattern pattern, CancellationToken cancellationToken)
    {
        if (_suspensions.FirstOrDefault(s => s.Pattern == pattern) is { } suspension)
        {
            await store.AddAsync(suspension, cancellationToken);
        }
    }

    /// <summary>Lets agents call again, unless another suspension names them too.</summary>
    /// <returns>False where nobody is suspended by this very pattern.</returns>
    /// <exception cref="StateUnavailableException">It cannot be remembered, so they stay suspended.</exception>
    public async ValueTask<bool> ResumeAsync(AgentPattern pattern, CancellationToken cancellationToken)
    {
        if (!_suspensions.Any(s => s.Pattern == pattern))
        {
            return false;
        }

        await store.RemoveAsync(pattern, cancellationToken);
        lock (_changing)
        {
            _suspensions = [.. _suspensions.Where(s => s.Pattern != pattern)];
            foreach (var (agent, gate) in _gates)
            {
                // A closed gate stays closed; the agent's next call makes a new one.
                if (gate.IsClosed && Find(agent) is null)
                {
                    _gates.TryRemove(KeyValuePair.Create(agent, gate));
                }
            }
        }

        return true;
    }

    private CallGate Admit(string agent)
    {
        lock (_changing)
        {
            if (_gates.TryGetValue(agent, out var known))
            {
                return known;
            }

            if (_gates.Count >= Capacity)
            {
                Forget();
            }

            var gate = new CallGate();
            if (Find(agent) is not null)
            {
                gate.Close();
            }

            return _gates[agent] = gate;
        }
    }

    /// <summary>Makes room: closes and forgets gates that nobody is inside of. A call that is about to enter one takes a new one.</summary>
    private void Forget()
    {
        foreach (var (agent, gate) in _gates)
        {
            if (gate.Count == 0 && _gates.TryRemove(KeyValuePair.Create(agent, gate)))
            {
                gate.Close();
            }
        }
    }
}
