namespace Gateway.Integrations.Oidc;

/// <summary>Fetches an issuer's public documents.</summary>
internal interface IKeyDocuments
{
    /// <exception cref="KeyFetchException">There is no document to be had.</exception>
    Task<byte[]> GetAsync(Uri address, CancellationToken cancellationToken);
}
