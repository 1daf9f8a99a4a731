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
                    WarnOfEnd(fixedSecret.NotAfter, key, errors, now);
                    break;
                case OAuth2ClientCredentialsOptions oauth:
                    InjectValidator.Validate(oauth.Inject, TokenFields, $"{key}:Inject", errors);
                    Validate(oauth, key, errors);
                    WarnOfEnd(oauth.NotAfter, key, errors, now);
                    break;
                case VaultCredentialOptions vault:
                    // What the fields are called is known when Vault has answered, not before.
                    InjectValidator.Validate(vault.Inject, fields: null, $"{key}:Inject", errors);
                    Validate(vault, options.Vault, key, errors, now);
                    break;
            }
        }
    }

    /// <summary>A kept secret is a time-boxed exception, and somebody answers for it.</summary>
    private static void RequireEnd(VaultCredentialOptions credential, string key, ConfigurationErrors errors)
    {
        if (credential.Owner is null)
        {
            errors.Add($"{key}:Owner", "is required, for the secret is kept and not issued: write who answers for it, such as \"crm team\".");
        }

        if (credential.NotAfter is null)
        {
            errors.Add($"{key}:NotAfter", "is required, for the secret is kept and not issued: write its last day, such as \"2027-01-31\".");
        }
    }

    private static void WarnOfEnd(DateTimeOffset? notAfter, string key, ConfigurationErrors errors, DateTimeOffset now)
    {
        if (notAfter <= now)
        {
            errors.Warn($"{key}:NotAfter", "has passed: the secret is not used any more. Replace the secret, then write its new last day.");
        }
        else if (notAfter - now <= CredentialDefinition.Notice)
        {
            errors.Warn($"{key}:NotAfter", "is less than 14 days away: replace the secret, then write its new last day.");
        }
    }

    private static void Validate(OAuth2ClientCredentialsOptions oauth, string key, ConfigurationErrors errors)
    {
        if (WebAddress.CheckTrusted(oauth.TokenEndpoint, queryAllowed: true) is { } problem)
        {
            errors.Add($"{key}:TokenEndpoint", problem);
        }

        if (oauth.RevocationEndpoint is { } revocation && WebAddress.CheckTrusted(revocation, queryAllowed: true) is { } revocationProblem)
        {
            errors.Add($"{key}:RevocationEndpoint", revocationProblem);
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
        if (credential.IsKept)
        {
            RequireEnd(credential, key, errors);
            WarnOfEnd(credential.NotAfter, key, errors, now);
        }
    }

    [GeneratedRegex(@"\A[!#-\[\]-~]+( [!#-\[\]-~]+)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Scope();
}
