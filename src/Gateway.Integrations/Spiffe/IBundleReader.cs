using Gateway.Integrations.Oidc;

namespace Gateway.Integrations.Spiffe;

/// <summary>Reads a trust domain's bundle once.</summary>
internal interface IBundleReader
{
    /// <returns>The document as it is found, unjudged.</returns>
    /// <exception cref="KeyFetchException">It cannot be had.</exception>
    ValueTask<byte[]> ReadAsync(CancellationToken cancellationToken);
}
