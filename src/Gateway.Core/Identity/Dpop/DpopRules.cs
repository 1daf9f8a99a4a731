using System.Collections.Frozen;
using Gateway.Core.Identity.Keys;

namespace Gateway.Core.Identity.Dpop;

/// <summary>What one configuration asks of DPoP proofs.</summary>
/// <param name="algorithms">Accepted <c>alg</c> values, all of <see cref="SignatureAlgorithm.Names"/>.</param>
internal sealed class DpopRules(IReadOnlyList<string> algorithms)
{
    public static readonly TimeSpan DefaultProofLifetime = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan DefaultClockSkew = TimeSpan.FromSeconds(30);

    private readonly FrozenSet<string> _algorithms = algorithms.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>For <c>algs</c> of a challenge (RFC 9449, section 7.1).</summary>
    public string Algorithms { get; } = string.Join(' ', algorithms);

    /// <summary>How long after its <c>iat</c> a proof counts.</summary>
    public TimeSpan ProofLifetime { get; init; } = DefaultProofLifetime;

    /// <summary>How far in the future <c>iat</c> may lie.</summary>
    public TimeSpan ClockSkew { get; init; } = DefaultClockSkew;

    /// <summary>Whether a proof must hold a nonce of ours (RFC 9449, section 9).</summary>
    public bool NonceRequired { get; init; }

    public bool Allows(SignatureAlgorithm algorithm) => _algorithms.Contains(algorithm.Name);
}
