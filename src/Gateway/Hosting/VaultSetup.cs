using System.Text.Json;
using Gateway.Configuration;
using Gateway.Integrations.Vault;

namespace Gateway.Hosting;

/// <summary>Turns what is configured about Vault into what the integration works with.</summary>
internal static class VaultSetup
{
    /// <exception cref="VaultException">A file that the options name cannot be read.</exception>
    public static void Apply(this VaultCatalog catalog, VaultOptions? options) =>
        catalog.Apply(options is null ? null : Settings(options), Fingerprint.Of(options));

    public static VaultCredentialSettings Settings(VaultCredentialOptions options) => new()
    {
        Path = options.Path,
        IsPost = (options.Method ?? (options.Parameters.Count > 0 ? VaultRequestMethod.POST : VaultRequestMethod.GET)) == VaultRequestMethod.POST,
        Parameters = options.Parameters.Count > 0 ? JsonSerializer.SerializeToUtf8Bytes(options.Parameters) : null,
        Revocable = options.Revocable,
        Owner = options.Owner,
        NotAfter = options.NotAfter,
    };

    private static VaultSettings Settings(VaultOptions options) => new()
    {
        Addresses = [.. options.StandbyAddresses.Prepend(options.Address).Distinct(StringComparer.Ordinal).Select(a => new Uri(a))],
        Namespace = options.Namespace,
        CaFile = options.CaFile,
        Timeout = options.Timeout,
        TokenRole = options.TokenRole,
        TokenPolicies = options.TokenPolicies,
        Auth = new VaultAuthSettings
        {
            Method = options.Auth.Method,
            Mount = options.Auth.Mount,
            Role = options.Auth.Role,
            JwtFile = options.Auth.JwtFile,
            RoleId = options.Auth.RoleId,
            SecretId = options.Auth.SecretId,
            SecretIdWrapped = options.Auth.SecretIdWrapped,
            Token = options.Auth.Token,
            Certificate = options.Auth.Certificate,
            Key = options.Auth.Key,
        },
    };
}
