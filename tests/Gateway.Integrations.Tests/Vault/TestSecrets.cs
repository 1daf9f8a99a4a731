using System.Collections.Concurrent;
using Gateway.Core.Credentials;
using Gateway.Integrations.Secrets;

namespace Gateway.Integrations.Tests.Vault;

/// <summary>Files as they are, and everything else from a table.</summary>
internal sealed class TestSecrets : ISecretSource
{
    private readonly FileSecretSource _files = new();

    public ConcurrentDictionary<string, string> Values { get; } = new();

    public ValueTask<SecretValue> ReadAsync(SecretReference reference, CancellationToken cancellationToken) =>
        reference.Scheme == SecretReference.FileScheme ? _files.ReadAsync(reference, cancellationToken)
        : Values.TryGetValue(reference.Name, out var value) ? new(new SecretValue(value))
        : throw new SecretUnavailableException($"{reference}: there is none.");
}
