using System.Collections.Frozen;
using Gateway.Core.Credentials;

namespace Gateway.Integrations.Secrets;

/// <summary>Reads a reference where its scheme says.</summary>
internal sealed class SecretSources(IReadOnlyDictionary<string, ISecretSource> sources) : ISecretSource
{
    private readonly FrozenDictionary<string, ISecretSource> _sources = sources.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The schemes that need no other system.</summary>
    public static SecretSources Create(EncryptedSecretStore store) => new(Local(store));

    /// <summary>All schemes.</summary>
    public static SecretSources Create(EncryptedSecretStore store, ISecretSource vault) =>
        new(new Dictionary<string, ISecretSource>(Local(store), StringComparer.Ordinal) { [SecretReference.VaultScheme] = vault });

    public ValueTask<SecretValue> ReadAsync(SecretReference reference, CancellationToken cancellationToken) =>
        _sources.TryGetValue(reference.Scheme, out var source)
            ? source.ReadAsync(reference, cancellationToken)
            : throw new SecretUnavailableException(
                $"{reference}: no source for '{reference.Scheme}:'; there are {string.Join(", ", _sources.Keys.Order(StringComparer.Ordinal).Select(s => s + ":"))}.");

    private static Dictionary<string, ISecretSource> Local(EncryptedSecretStore store) => new(StringComparer.Ordinal)
    {
        [SecretReference.StoreScheme] = store,
        [SecretReference.EnvironmentScheme] = new EnvironmentSecretSource(),
        [SecretReference.FileScheme] = new FileSecretSource(),
    };
}
