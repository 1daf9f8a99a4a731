using Gateway.Integrations.Oidc;

namespace Gateway.Integrations.Spiffe;

/// <summary>Reads a bundle from a file that an operator or an agent of the trust domain keeps.</summary>
internal sealed class FileBundleReader(string path) : IBundleReader
{
    public ValueTask<byte[]> ReadAsync(CancellationToken cancellationToken) => KeyFile.ReadAsync(path, cancellationToken);
}
