using System.Collections.Frozen;
using Gateway.Configuration;
using Gateway.Core.Credentials;
using Gateway.Integrations.OAuth2;
using Gateway.Integrations.Vault;

namespace Gateway.Hosting;

/// <summary>Turns configured credentials into definitions, and keeps those that a reload does not touch, with their leases.</summary>
internal sealed class CredentialCatalog(ISecretSource secrets, TokenEndpointClient tokenEndpoint, VaultCatalog vault, TimeProvider clock, ILoggerFactory loggers)
{
    private readonly ILogger _vaultLogger = loggers.CreateLogger<VaultProvider>();
    private VaultConnection? _vault;
    private volatile Dictionary<string, (string Fingerprint, CredentialDefinition Definition)> _known = new(StringComparer.Ordinal);

    /// <summary>The provider of a credential in the configuration in force; null where it has none of that name.</summary>
    public ICredentialProvider? FindProvider(string name) => _known.TryGetValue(name, out var known) ? known.Definition.Provider : null;

    public FrozenDictionary<string, CredentialDefinition> Apply(IReadOnlyDictionary<string, CredentialOptions> options)
    {
        var next = new Dictionary<string, (string Fingerprint, CredentialDefinition Definition)>(StringComparer.Ordinal);
        foreach (var (name, credential) in options)
        {
            var fingerprint = Fingerprint.Of(credential.GetType().Name, credential);

            // What another Vault issued, or this one before it was configured otherwise, is not used any more.
            var isSame = credential is not VaultCredentialOptions || ReferenceEquals(_vault, vault.Current);
            next[name] = isSame && _known.TryGetValue(name, out var known) && known.Fingerprint == fingerprint
                ? known
                : (fingerprint, Define(name, credential));
        }

        (_known, _vault) = (next, vault.Current);
        return next.ToFrozenDictionary(c => c.Key, c => c.Value.Definition, StringComparer.Ordinal);
    }

    private CredentialDefinition Define(string name, CredentialOptions options) => new()
    {
        Name = name,
        Provider = Provider(name, options),
        Inject = [.. options.Inject.Select(Template)],
        Lifetime = options.Lifetime,
        Scope = options is OAuth2ClientCredentialsOptions oauth2 ? oauth2.Scope ?? "" : null,
        Owner = TimeBox(options).Owner,
        NotAfter = TimeBox(options).NotAfter,
        IsLegacy = options is StaticCredentialOptions || options is VaultCredentialOptions { IsKept: true },
    };

    private static (string? Owner, DateTimeOffset? NotAfter) TimeBox(CredentialOptions options) => options switch
    {
        StaticCredentialOptions o => (o.Owner, o.NotAfter),
        OAuth2ClientCredentialsOptions o => (o.Owner, o.NotAfter),
        VaultCredentialOptions o => (o.Owner, o.NotAfter),
        _ => default,
    };

    private ICredentialProvider Provider(string name, CredentialOptions options) => options switch
    {
        StaticCredentialOptions o => new StaticCredentialProvider(name, o.Value, secrets),
        OAuth2ClientCredentialsOptions o => new ClientCredentialsProvider(
            name,
            new ClientCredentialsSettings
            {
                TokenEndpoint = new Uri(o.TokenEndpoint),
                RevocationEndpoint = o.RevocationEndpoint is { } revocation ? new Uri(revocation) : null,
                ClientId = o.ClientId,
                ClientSecret = o.ClientSecret,
                Scope = o.Scope,
                Resource = o.Resource,
                Audience = o.Audience,
                ClientAuthentication = o.ClientAuthentication == ClientAuthentication.Post ? ClientAuthenticationMethod.Post : ClientAuthenticationMethod.Basic,
            },
            secrets,
            tokenEndpoint,
            clock),
        VaultCredentialOptions o when vault.Current is { } connection => new VaultProvider(name, VaultSetup.Settings(o), connection, clock, _vaultLogger),
        _ => throw new InvalidOperationException($"The credential '{name}' has a type that nothing provides."),
    };

    private static InjectionTemplate Template(InjectOptions options) => options.Basic is { } basic
        ? InjectionTemplate.ForBasic(basic.User, basic.Password)
        : new InjectionTemplate(options.Header ?? "", options.Value ?? "");
}
