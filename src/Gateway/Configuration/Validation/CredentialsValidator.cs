using System.Text.RegularExpressions;
using Gateway.Core.Credentials;

namespace Gateway.Configuration;

/// <summary>Checks <c>Gateway:Credentials</c>.</summary>
internal static partial class CredentialsValidator
{
    private static readonly string[] StaticFields = ["value"];
    private static readonly string[] TokenFields = ["token", "access_token"];

    public static void Validate(GatewayOptions options, ConfigurationErrors errors, DateTimeOffset now)
    {
        foreach (var (name, credential) in options.Credentials)
        {
            var key = $"Gateway:Credentials:{name}";
            if (ConfigurationName.Check(name) is { } problem)
            {
                errors.Add(key, problem);
            }

            switch (credential)
            {
                case StaticCredentialOptions fixedSecret:
                    InjectValidator.Validate(fixedSecret.Inject, StaticFields, $"{key}:Inject", errors);
                    WarnOfLongLife(fixedSecret.Owner, fixedSecret.NotAfter, key, errors, now);
                    break;
                case OAuth2ClientCredentialsOptions oauth:
                    InjectValidator.Validate(oauth.Inject, TokenFields, $"{key}:Inject", errors);
                    Validate(oauth, key, errors);
                    break;
                case VaultCredentialOptions vault:
                    // What the fields are called is known when Vault has answered, not before.
                    InjectValidator.Validate(vault.Inject, fields: null, $"{key}:Inject", errors);
                    Validate(vault, options.Vault, key, errors, now);
                    break;
            }
        }
    }

    private static void Validate(OAuth2ClientCredentialsOptions oauth, string key, ConfigurationErrors errors)
    {
        if (WebAddress.CheckTrusted(oauth.TokenEndpoint, queryAllowed: true) is { } problem)
        {
            errors.Add($"{key}:TokenEndpoint", problem);
        }

        if (oauth.Scope is not null && !Scope().IsMatch(oauth.Scope))
        {
            errors.Add($"{key}:Scope", "must be scopes with one space between them (RFC 6749, section 3.3): write for example \"read write\".");
        }

        if (oauth.Resource is not null && (!Uri.TryCreate(oauth.Resource, UriKind.Absolute, out _) || oauth.Resource.StartsWith('/') || oauth.Resource.Contains('#')))
        {
            errors.Add($"{key}:Resource", "must be an absolute URI without a fragment (RFC 8707, section 2): write for example \"https://api.example.com\".");
        }
    }

    private static void Validate(VaultCredentialOptions credential, VaultOptions? vault, string key, ConfigurationErrors errors, DateTimeOffset now)
    {
        if (vault is null)
        {
            errors.Add(key, "needs a Vault, and none is configured: write Gateway:Vault.");
        }

        if (!VaultPath.IsSecret(credential.Path))
        {
            errors.Add($"{key}:Path", $"must be {VaultPath.Rule}.");
        }

        if (credential is { Method: VaultRequestMethod.GET, Parameters.Count: > 0 })
        {
            errors.Add($"{key}:Method", "must be \"POST\" where there are Parameters, which stand in the request's body.");
        }

        // The API's path of a KV version 2 secret: kept, not issued, like a static one.
        if (credential.Path.Split('/').ElementAtOrDefault(1) == "data" || credential.NotAfter is not null)
        {
            WarnOfLongLife(credential.Owner, credential.NotAfter, key, errors, now);
        }
    }

    private static void WarnOfLongLife(string? owner, DateTimeOffset? notAfter, string key, ConfigurationErrors errors, DateTimeOffset now)
    {
        if (owner is null || notAfter is null)
        {
            errors.Warn(key, "is a long-lived secret without an end or without anybody who replaces it: write Owner and NotAfter.");
        }
        else if (notAfter <= now)
        {
            errors.Warn($"{key}:NotAfter", "has passed: the secret is not used any more. Replace the secret, then write its new last day.");
        }
    }

    [GeneratedRegex(@"\A[!#-\[\]-~]+( [!#-\[\]-~]+)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Scope();
}
