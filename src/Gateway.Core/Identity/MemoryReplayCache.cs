namespace Gateway.Core.Identity;

/// <summary>Used proofs in this process's memory, at most so many; while it is full, no proof counts.</summary>
/// <remarks>A restart forgets them; where that matters, nonces end older proofs.</remarks>
internal sealed class MemoryReplayCache : IReplayCache
{
    /// <summary>Proofs; some 40 MB. With proofs that count for a minute it is reached at eight thousand calls a second and more.</summary>
    public const int DefaultCapacity = 1_000_000;

    // Calls that use different shards do not wait for each other.
    private const int ShardCount = 64;

    private readonly ReplayShard[] _shards;
    private readonly TimeProvider _time;

    public MemoryReplayCache(TimeProvider time, int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, ShardCount);
        _time = time;
        _shards = [.. Enumerable.Range(0, ShardCount).Select(_ => new ReplayShard(capacity / ShardCount))];
    }

    public ValueTask<ReplayCheck> UseAsync(UInt128 proof, DateTimeOffset until, CancellationToken cancellationToken) =>
        new(_shards[(int)(proof % ShardCount)].Use(proof, until, _time.GetUtcNow()));
}
