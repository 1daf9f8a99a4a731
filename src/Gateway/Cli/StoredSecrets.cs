using Gateway.Configuration;
using Gateway.Core.Credentials;
using Gateway.Integrations.Secrets;

namespace Gateway.Cli;

/// <summary>Compares the <c>secret:</c> references of a configuration with the embedded store.</summary>
internal static class StoredSecrets
{
    /// <summary>A warning for each secret that is not there, since it may still be set while the gateway runs.</summary>
    public static async Task<IReadOnlyList<ConfigurationError>> FindMissingAsync(GatewayOptions options, CancellationToken cancellationToken)
    {
        var references = SecretReferences.In(options).Where(found => found.Reference.Scheme == SecretReference.StoreScheme).ToArray();
        if (references.Length == 0)
        {
            return [];
        }

        try
        {
            var stored = await new EncryptedSecretStore(options.DataDirectory, TimeProvider.System).ListAsync(cancellationToken);
            return [.. references
                .Where(r => stored.All(s => s.Name != r.Reference.Name))
                .Select(r => new ConfigurationError(r.Key, $"refers to {r.Reference}, which is not in the store: store it with \"gateway secrets set {r.Reference.Name}\" and the same --config."))];
        }
        catch (SecretUnavailableException exception)
        {
            return [new ConfigurationError("Gateway:DataDirectory", exception.Message)];
        }
    }
}
