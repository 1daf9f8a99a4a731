using System.Collections.Concurrent;

namespace Gateway.Core.Identity.Jwt;

/// <summary>Remembers verified tokens, and nothing else: what does not verify costs its sender time and us no memory.</summary>
/// <remarks>A hit takes no lock and allocates nothing. Room is made by whoever adds to a full cache.</remarks>
internal sealed class VerifiedTokenCache
{
    private readonly ConcurrentDictionary<string, VerifiedToken> _tokens = new(new TokenTextComparer());
    private readonly ConcurrentDictionary<string, VerifiedToken>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly Lock _evicting = new();
    private readonly int _capacity;

    // ConcurrentDictionary.Count takes all of its locks.
    private int _count;

    public VerifiedTokenCache(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
        _bySpan = _tokens.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public int Count => Volatile.Read(ref _count);

    /// <summary>Finds a token that is still good; one that no longer is gets dropped.</summary>
    public VerifiedToken? Find(ReadOnlySpan<char> token, IssuerSet issuers, DateTimeOffset now)
    {
        if (!_bySpan.TryGetValue(token, out var verified))
        {
            return null;
        }

        if (!verified.IsGood(issuers, now))
        {
            Remove(token.ToString(), verified);
            return null;
        }

        verified.Touch(now);
        return verified;
    }

    public void Add(string token, VerifiedToken verified, DateTimeOffset now)
    {
        verified.Touch(now);
        if (Count >= _capacity)
        {
            MakeRoom(now);
        }

        if (_tokens.TryAdd(token, verified))
        {
            Interlocked.Increment(ref _count);
        }
    }

    /// <summary>Drops what no longer passes, and then the eighth that was not used for longest, so that the price is paid once in many additions.</summary>
    private void MakeRoom(DateTimeOffset now)
    {
        lock (_evicting)
        {
            if (Count < _capacity)
            {
                return;
            }

            foreach (var (token, verified) in _tokens)
            {
                if (verified.IsExpired(now))
                {
                    Remove(token, verified);
                }
            }

            var excess = Count - (_capacity - 1 - (_capacity / 8));
            if (Count < _capacity || excess <= 0)
            {
                return;
            }

            // The times of use go on changing meanwhile; a copy keeps the sort consistent.
            foreach (var (_, token, verified) in _tokens
                .Select(entry => (entry.Value.LastUsed, entry.Key, entry.Value))
                .OrderBy(entry => entry.LastUsed)
                .Take(excess))
            {
                Remove(token, verified);
            }
        }
    }

    private void Remove(string token, VerifiedToken verified)
    {
        // Only the very entry that was judged: another call may have verified the token anew meanwhile.
        if (_tokens.TryRemove(new KeyValuePair<string, VerifiedToken>(token, verified)))
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
