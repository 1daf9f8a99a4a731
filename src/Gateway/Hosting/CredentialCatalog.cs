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
    private Dictionary<string, (string Fingerprint, CredentialDefinition Definition)> _known = new(StringComparer.Ordinal);

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
    };

    private ICredentialProvider Provider(string name, CredentialOptions options) => options switch
    {
        StaticCredentialOptions o => new StaticCredentialProvider(name, o.Value, secrets, clock, o.NotAfter, o.Owner),
        OAuth2ClientCredentialsOptions o => new ClientCredentialsProvider(
            name,
            new ClientCredentialsSettings
            {
                TokenEndpoint = new Uri(o.TokenEndpoint),
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
