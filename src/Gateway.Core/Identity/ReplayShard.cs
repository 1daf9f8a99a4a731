namespace Gateway.Core.Identity;

/// <summary>One part of the used proofs, in two generations: the younger takes what is new, the older goes when all in it have expired.</summary>
internal sealed class ReplayShard(int capacity)
{
    private readonly Lock _lock = new();
    private HashSet<UInt128> _young = [];
    private HashSet<UInt128> _old = [];
    private DateTimeOffset _youngUntil;
    private DateTimeOffset _oldUntil;

    public ReplayCheck Use(UInt128 proof, DateTimeOffset until, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_oldUntil < now)
            {
                (_old, _young) = (_young, _old);
                _young.Clear();
                (_oldUntil, _youngUntil) = (_youngUntil, default);
            }

            // A call that was held up since its proof was judged: the first use may have been forgotten.
            if (until < now || _young.Contains(proof) || _old.Contains(proof))
            {
                return ReplayCheck.Replayed;
            }

            if (_young.Count + _old.Count >= capacity)
            {
                return ReplayCheck.Unknown;
            }

            _young.Add(proof);
            _youngUntil = until > _youngUntil ? until : _youngUntil;
            return ReplayCheck.FirstUse;
        }
    }
}
