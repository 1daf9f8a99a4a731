using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Identity.Spiffe;

/// <summary>All trust domains of one configuration. Immutable; a reload swaps the whole set.</summary>
/// <remarks>Each with its own bundle: who asks for one gets no other's authorities.</remarks>
internal sealed class TrustDomainSet(IEnumerable<TrustDomain> domains)
{
    public static readonly TrustDomainSet Empty = new([]);

    private readonly FrozenDictionary<string, TrustDomain> _byName = domains.ToFrozenDictionary(domain => domain.Name, StringComparer.Ordinal);

    public IReadOnlyList<TrustDomain> All => _byName.Values;

    public bool TryGet(string name, [NotNullWhen(true)] out TrustDomain? domain) => _byName.TryGetValue(name, out domain);
}
