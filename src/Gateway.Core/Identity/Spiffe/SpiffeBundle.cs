using System.Security.Cryptography.X509Certificates;
using Gateway.Core.Identity.Keys;

namespace Gateway.Core.Identity.Spiffe;

/// <summary>What a trust domain's identities are verified with (SPIFFE Trust Domain and Bundle, section 4). Immutable.</summary>
/// <remarks>A bundle whose content has changed is another instance, which is how verified certificates know that they are to be judged anew.</remarks>
internal sealed class SpiffeBundle
{
    /// <summary>The number of this version; null where the trust domain does not count.</summary>
    public long? Sequence { get; init; }

    /// <summary>How often the trust domain wants to be asked again; null where it does not say.</summary>
    public TimeSpan? RefreshHint { get; init; }

    /// <summary>Certificates that may sign X.509-SVIDs of this trust domain and of no other.</summary>
    public required IReadOnlyList<X509Certificate2> Authorities { get; init; }

    /// <summary>Keys that may sign JWT-SVIDs.</summary>
    public required IReadOnlyList<SigningKey> SigningKeys { get; init; }

    /// <summary>Whether nothing can be verified: then every identity of the trust domain is refused (section 4.1.3).</summary>
    public bool IsEmpty => Authorities.Count == 0 && SigningKeys.Count == 0;
}
