using System.Collections.Concurrent;

namespace Gateway.Core.Credentials;

/// <summary>The backoff of each issuer that was asked lately.</summary>
/// <remarks>By scope as well: a scope that the issuer refuses must not keep others from their leases.</remarks>
internal sealed class IssuerBackoffs(LeaseStoreOptions options)
{
    private readonly ConcurrentDictionary<(CredentialDefinition Definition, string Scope), IssuerBackoff> _backoffs = new();

    public IssuerBackoff Of(LeaseSlotKey key) =>
        _backoffs.GetOrAdd((key.Definition, key.Key.Scope), static (_, options) => new IssuerBackoff(options), options);

    /// <summary>Forgets those that hold nobody back.</summary>
    public void Sweep(DateTimeOffset now)
    {
        foreach (var entry in _backoffs)
        {
            if (entry.Value.IsForgettable(now))
            {
                _backoffs.TryRemove(entry);
            }
        }
    }
}
