using Gateway.Core.Identity.Keys;

namespace Gateway.Integrations.Oidc;

/// <summary>Reads keys from a file that an operator or a sidecar keeps.</summary>
internal sealed class FileKeySetReader(string path) : IKeySetReader
{
    public async ValueTask<IReadOnlyList<SigningKey>> ReadAsync(CancellationToken cancellationToken) =>
        KeySetDocument.Parse(await KeyFile.ReadAsync(path, cancellationToken));
}
