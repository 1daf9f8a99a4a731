namespace Gateway.Core.Tasks;

/// <summary>Remembers suspensions across a kill of the process.</summary>
internal interface ISuspensionStore
{
    /// <summary>On disk when this returns; replaces the suspension of the same pattern.</summary>
    /// <exception cref="StateUnavailableException">It cannot be remembered.</exception>
    ValueTask AddAsync(Suspension suspension, CancellationToken cancellationToken);

    /// <summary>On disk when this returns.</summary>
    /// <exception cref="StateUnavailableException">It cannot be remembered.</exception>
    ValueTask RemoveAsync(AgentPattern pattern, CancellationToken cancellationToken);

    ValueTask<IReadOnlyList<Suspension>> LoadAsync(CancellationToken cancellationToken);
}
