using System.Collections.Frozen;
using Gateway.Core.Identity.Keys;
using Gateway.Core.Identity.Kinds;
using Gateway.Core.Identity.Spiffe;

namespace Gateway.Core.Identity.Jwt;

/// <summary>An issuer at run time: its definition, made ready for look-ups, and its keys.</summary>
/// <remarks>Immutable. A definition that changes makes another instance, which is how cached tokens know that they are void.</remarks>
internal sealed class TrustedIssuer
{
    private readonly FrozenSet<string> _algorithms;
    private readonly FrozenSet<string> _audiences;
    private readonly FrozenSet<string> _types;

    /// <exception cref="ArgumentException">The definition is one that must never run; configuration is validated before.</exception>
    public TrustedIssuer(IssuerDefinition definition, ISigningKeySource keys, ITokenReviewer? reviewer = null)
    {
        if (!(definition.IsTrustDomain ? SpiffeId.IsTrustDomain(definition.Name) : IssuerDefinition.IsValidName(definition.Name)))
        {
            throw new ArgumentException("An issuer's name starts its agents' ids: letters, digits, '.', '_' and '-', and not \"spiffe\".", nameof(definition));
        }

        if (definition.Audiences.Count == 0 || definition.Algorithms.Count == 0)
        {
            throw new ArgumentException("An issuer needs at least one audience and one algorithm.", nameof(definition));
        }

        if (definition.Algorithms.FirstOrDefault(name => !SignatureAlgorithm.TryGet(name, out _)) is { } unknown)
        {
            throw new ArgumentException($"'{unknown}' is not an asymmetric signature algorithm.", nameof(definition));
        }

        if (definition.TokenReview is not null && reviewer is null)
        {
            throw new ArgumentException("The definition demands that tokens are reviewed, and nobody reviews them.", nameof(definition));
        }

        Definition = definition;
        Keys = keys;
        Reviewer = reviewer;
        Rules = MakeRules(definition);
        _algorithms = definition.Algorithms.ToFrozenSet(StringComparer.Ordinal);
        _audiences = definition.Audiences.ToFrozenSet(StringComparer.Ordinal);
        _types = definition.TokenTypes.Select(WithoutPrefix).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    public IssuerDefinition Definition { get; }

    public string Name => Definition.Name;

    public ISigningKeySource Keys { get; }

    /// <summary>What its kind demands of tokens; null where that is nothing more.</summary>
    public ITokenRules? Rules { get; }

    /// <summary>Who is asked about tokens that verify; null where nobody is.</summary>
    public ITokenReviewer? Reviewer { get; }

    /// <summary>As policy sees it.</summary>
    public string Method => Definition.IsTrustDomain ? "jwt-svid" : "jwt";

    /// <summary>The id of the agent that a token's subject names.</summary>
    public string AgentId(string subject) => Definition.IsTrustDomain ? subject : $"{Name}:{subject}";

    public bool Accepts(SignatureAlgorithm algorithm) => _algorithms.Contains(algorithm.Name);

    public bool AcceptsAudience(string audience) => _audiences.Contains(audience);

    public bool AcceptsType(string? type)
    {
        if (type is null)
        {
            return _types.Contains(string.Empty);
        }

        // The empty string stands for absence in the list, so a type that is there and empty must not meet it.
        var name = WithoutPrefix(type);
        return name.Length > 0 && _types.Contains(name);
    }

    /// <summary>Whether keys are fresh enough to be trusted; false where there are none.</summary>
    public bool Trusts(SigningKeySet? keys, DateTimeOffset now) =>
        keys is not null && now - keys.FetchedAt <= Definition.MaxKeyAge;

    private static ITokenRules? MakeRules(IssuerDefinition definition) => definition.Kind switch
    {
        IssuerKind.Oidc => null,
        IssuerKind.Kubernetes => new KubernetesRules(),
        IssuerKind.Entra => new EntraRules(definition.Tenant ?? throw new ArgumentException("An issuer of this kind needs a tenant.", nameof(definition))),
        IssuerKind.GitHubActions => new GitHubActionsRules(),
        IssuerKind.Google => new GoogleRules(),
        _ => throw new ArgumentException("The issuer's kind is unknown.", nameof(definition)),
    };

    /// <summary>RFC 7515, section 4.1.9: "application/" may be left out.</summary>
    private static string WithoutPrefix(string type)
    {
        const string Prefix = "application/";
        return type.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? type[Prefix.Length..] : type;
    }
}
