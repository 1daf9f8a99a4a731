using Gateway.Core.Identity.Keys;

namespace Gateway.Integrations.Oidc;

/// <summary>Reads keys from a configured address.</summary>
internal sealed class UriKeySetReader(IssuerHttpClient client, Uri address) : IKeySetReader
{
    public async ValueTask<IReadOnlyList<SigningKey>> ReadAsync(CancellationToken cancellationToken) =>
        KeySetDocument.Parse(await client.GetAsync(address, cancellationToken));
}
