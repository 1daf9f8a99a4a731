using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Gateway.Core.Identity.Spiffe;

namespace Gateway.Core.Identity.Jwt;

/// <summary>All issuers of one configuration. Immutable; a reload swaps the whole set.</summary>
internal sealed class IssuerSet
{
    public static readonly IssuerSet Empty = new([]);

    private readonly FrozenDictionary<string, TrustedIssuer> _byIssuer;
    private readonly FrozenDictionary<string, TrustedIssuer> _byTrustDomain;

    /// <exception cref="ArgumentException">Two issuers share a name or an <c>iss</c>.</exception>
    public IssuerSet(IEnumerable<TrustedIssuer> issuers)
    {
        All = [.. issuers];
        if (All.DistinctBy(issuer => issuer.Name, StringComparer.Ordinal).Count() != All.Count
            || All.SelectMany(Spellings).Distinct(StringComparer.Ordinal).Count() != All.Sum(issuer => Spellings(issuer).Count()))
        {
            throw new ArgumentException("Two issuers share a name or an issuer URL, so that a token could mean either.", nameof(issuers));
        }

        _byIssuer = All.Where(issuer => !issuer.Definition.IsTrustDomain)
            .SelectMany(issuer => Spellings(issuer).Select(iss => KeyValuePair.Create(iss, issuer)))
            .ToFrozenDictionary(StringComparer.Ordinal);
        _byTrustDomain = All.Where(issuer => issuer.Definition.IsTrustDomain).ToFrozenDictionary(issuer => issuer.Name, StringComparer.Ordinal);
    }

    public IReadOnlyList<TrustedIssuer> All { get; }

    /// <summary>These issuers and further ones.</summary>
    public IssuerSet With(IEnumerable<TrustedIssuer> others) => new([.. All, .. others]);

    /// <summary>Finds an issuer by the exact <c>iss</c>; no normalisation, since a near miss is another issuer.</summary>
    public bool TryGet(string issuer, [NotNullWhen(true)] out TrustedIssuer? trusted) => _byIssuer.TryGetValue(issuer, out trusted);

    /// <summary>Finds the trust domain that a JWT-SVID's subject lies in.</summary>
    public bool TryGetTrustDomain(string subject, [NotNullWhen(true)] out TrustedIssuer? trusted)
    {
        trusted = null;
        return _byTrustDomain.Count > 0 && SpiffeId.TryParse(subject, out var id) && _byTrustDomain.TryGetValue(id.TrustDomain, out trusted);
    }

    public bool Contains(TrustedIssuer issuer) =>
        (issuer.Definition.IsTrustDomain ? _byTrustDomain.TryGetValue(issuer.Name, out var current) : TryGet(issuer.Definition.Issuer, out current))
        && ReferenceEquals(current, issuer);

    private static IEnumerable<string> Spellings(TrustedIssuer issuer) => [issuer.Definition.Issuer, .. issuer.Definition.OtherIssuers];
}
