using System.Net;
using Gateway.Integrations.Oidc;

namespace Gateway.Integrations.Kubernetes;

/// <summary>Fetches what is on the API server as the gateway's service account, and everything else as anybody.</summary>
/// <remarks>A managed cluster publishes its keys on another host, which has no business with the gateway's token.</remarks>
internal sealed class ClusterKeyDocuments(ClusterClient cluster, IKeyDocuments elsewhere) : IKeyDocuments
{
    public async Task<byte[]> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        if (!cluster.Serves(address))
        {
            return await elsewhere.GetAsync(address, cancellationToken);
        }

        try
        {
            return await cluster.SendAsync(HttpMethod.Get, address.PathAndQuery, null, HttpStatusCode.OK, IssuerHttpClient.TimeLimit, cancellationToken);
        }
        catch (ClusterException exception)
        {
            throw new KeyFetchException(exception.Message);
        }
    }
}
