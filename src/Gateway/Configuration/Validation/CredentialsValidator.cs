using System.Text.RegularExpressions;
using Gateway.Core.Credentials;

namespace Gateway.Configuration;

/// <summary>Checks <c>Gateway:Credentials</c>.</summary>
internal static partial class CredentialsValidator
{
    private static readonly string[] StaticFields = ["value"];
    private static readonly string[] TokenFields = ["token", "access_token"];

    public static void Validate(IReadOnlyDictionary<string, CredentialOptions> credentials, ConfigurationErrors errors, DateTimeOffset now)
    {
        foreach (var (name, credential) in credentials)
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
            }
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

    [GeneratedRegex(@"\A[!#-\[\]-~]+( [!#-\[\]-~]+)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Scope();
}
