namespace Gateway.Core.Identity.Keys;

/// <summary>An issuer's keys as one fetch found them. Immutable; the next fetch makes another set.</summary>
internal sealed class SigningKeySet
{
    private readonly Dictionary<string, SigningKey[]> _byId;
    private readonly SigningKey[] _all;

    public SigningKeySet(IEnumerable<SigningKey> keys, DateTimeOffset fetchedAt)
    {
        _all = [.. keys];
        _byId = _all
            .Where(key => key.Id is not null)
            .GroupBy(key => key.Id ?? string.Empty, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        FetchedAt = fetchedAt;
    }

    public IReadOnlyList<SigningKey> Keys => _all;

    /// <summary>When the issuer last said that these are its keys.</summary>
    public DateTimeOffset FetchedAt { get; }

    /// <summary>The one key that a token can mean; null where there is none, or more than one.</summary>
    /// <param name="keyId">The token's <c>kid</c>; without it, the issuer must have exactly one key that fits.</param>
    /// <param name="algorithm">The token's <c>alg</c>.</param>
    /// <remarks>Never a guess: trying every key in turn would let a withdrawn <c>kid</c> pass under another key.</remarks>
    public SigningKey? Find(string? keyId, SignatureAlgorithm algorithm)
    {
        var candidates = keyId is null ? _all : _byId.GetValueOrDefault(keyId, []);
        SigningKey? found = null;
        foreach (var candidate in candidates)
        {
            if (candidate.Fits(algorithm))
            {
                if (found is not null)
                {
                    return null;
                }

                found = candidate;
            }
        }

        return found;
    }
}
