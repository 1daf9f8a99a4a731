using System.Collections.Frozen;
using Gateway.Configuration;
using Gateway.Core.Credentials;
using Gateway.Integrations.OAuth2;

namespace Gateway.Hosting;

/// <summary>Turns configured credentials into definitions, and keeps those that a reload does not touch, with their leases.</summary>
internal sealed class CredentialCatalog(ISecretSource secrets, TokenEndpointClient tokenEndpoint, TimeProvider clock)
{
    private volatile Dictionary<string, (string Fingerprint, CredentialDefinition Definition)> _known = new(StringComparer.Ordinal);

    /// <summary>The provider of a credential in the configuration in force; null where it has none of that name.</summary>
    public ICredentialProvider? FindProvider(string name) => _known.TryGetValue(name, out var known) ? known.Definition.Provider : null;

    public FrozenDictionary<string, CredentialDefinition> Apply(IReadOnlyDictionary<string, CredentialOptions> options)
    {
        var next = new Dictionary<string, (string Fingerprint, CredentialDefinition Definition)>(StringComparer.Ordinal);
        foreach (var (name, credential) in options)
        {
            var fingerprint = Fingerprint.Of(credential.GetType().Name, credential);
            next[name] = _known.TryGetValue(name, out var known) && known.Fingerprint == fingerprint
                ? known
                : (fingerprint, Define(name, credential));
        }

        _known = next;
        return next.ToFrozenDictionary(c => c.Key, c => c.Value.Definition, StringComparer.Ordinal);
    }

    private CredentialDefinition Define(string name, CredentialOptions options) => new()
    {
        Name = name,
        Provider = Provider(name, options),
        Inject = [.. options.Inject.Select(Template)],
        Lifetime = options.Lifetime,
        Owner = (options as StaticCredentialOptions)?.Owner ?? (options as OAuth2ClientCredentialsOptions)?.Owner,
        NotAfter = (options as StaticCredentialOptions)?.NotAfter ?? (options as OAuth2ClientCredentialsOptions)?.NotAfter,
        IsLegacy = options is StaticCredentialOptions,
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
        _ => throw new InvalidOperationException($"The credential '{name}' has a type that nothing provides."),
    };

    private static InjectionTemplate Template(InjectOptions options) => options.Basic is { } basic
        ? InjectionTemplate.ForBasic(basic.User, basic.Password)
        : new InjectionTemplate(options.Header ?? "", options.Value ?? "");
}
