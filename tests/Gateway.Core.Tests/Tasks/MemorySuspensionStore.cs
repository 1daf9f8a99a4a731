using Gateway.Core.Tasks;

namespace Gateway.Core.Tests.Tasks;

/// <summary>Remembers as long as the test.</summary>
internal sealed class MemorySuspensionStore : ISuspensionStore
{
    private readonly Dictionary<AgentPattern, Suspension> _suspensions = [];

    public ValueTask AddAsync(Suspension suspension, CancellationToken cancellationToken)
    {
        _suspensions[suspension.Pattern] = suspension;
        return default;
    }

    public ValueTask RemoveAsync(AgentPattern pattern, CancellationToken cancellationToken)
    {
        _suspensions.Remove(pattern);
        return default;
    }

    public ValueTask<IReadOnlyList<Suspension>> LoadAsync(CancellationToken cancellationToken) => new([.. _suspensions.Values]);
}
