using Gateway.Core.Identity.Keys;

namespace Gateway.Integrations.Oidc;

/// <summary>Reads an issuer's keys once.</summary>
internal interface IKeySetReader
{
    /// <exception cref="KeyFetchException">The keys cannot be had, or there is no usable one among them.</exception>
    ValueTask<IReadOnlyList<SigningKey>> ReadAsync(CancellationToken cancellationToken);
}
