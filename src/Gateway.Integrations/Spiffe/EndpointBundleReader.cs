using Gateway.Integrations.Oidc;

namespace Gateway.Integrations.Spiffe;

/// <summary>Fetches a bundle from its endpoint (SPIFFE Federation, section 5.1).</summary>
internal sealed class EndpointBundleReader(IssuerHttpClient client, Uri address) : IBundleReader, IDisposable
{
    public async ValueTask<byte[]> ReadAsync(CancellationToken cancellationToken) => await client.GetAsync(address, cancellationToken);

    public void Dispose() => client.Dispose();
}
