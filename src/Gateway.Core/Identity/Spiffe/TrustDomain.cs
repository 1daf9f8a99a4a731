using Gateway.Core.Identity.Jwt;
using Gateway.Core.Identity.Keys;

namespace Gateway.Core.Identity.Spiffe;

/// <summary>A trust domain at run time: its definition and its bundle.</summary>
/// <remarks>Immutable. A definition that changes makes another instance, which is how verified identities know that they are void.</remarks>
internal sealed class TrustDomain(TrustDomainDefinition definition, IBundleSource bundles)
{
    public TrustDomainDefinition Definition => definition;

    public string Name => definition.Name;

    public IBundleSource Bundles => bundles;

    /// <summary>The trust domain as the issuer of JWT-SVIDs.</summary>
    public TrustedIssuer TokenIssuer { get; } = new(
        new IssuerDefinition
        {
            Name = definition.Name,
            Issuer = $"spiffe://{definition.Name}",
            IsTrustDomain = true,
            Audiences = definition.Audiences,
            Algorithms = SignatureAlgorithm.Names,
            TokenTypes = JwtSvid.TokenTypes,
            ClockSkew = definition.ClockSkew,
            MaxLifetime = definition.MaxLifetime,
            MaxKeyAge = definition.MaxBundleAge,
        },
        new BundleSigningKeys(bundles));

    /// <summary>The bundle to judge by; null where there is none that is young enough.</summary>
    public SpiffeBundle? CurrentBundle(DateTimeOffset now) =>
        bundles.Current is { } current && now - current.FetchedAt <= definition.MaxBundleAge ? current.Bundle : null;
}
