using Gateway.Core.Identity.Keys;

namespace Gateway.Integrations.Oidc;

/// <summary>Reads keys from a configured address.</summary>
internal sealed class UriKeySetReader(IKeyDocuments documents, Uri address) : IKeySetReader
{
    public async ValueTask<IReadOnlyList<SigningKey>> ReadAsync(CancellationToken cancellationToken) =>
        KeySetDocument.Parse(await documents.GetAsync(address, cancellationToken));
}
