using Gateway.Core.Credentials;

namespace Gateway.Configuration;

/// <summary>Checks a tool's <c>LoggedQuery</c> and <c>LoggedHeaders</c>: nothing that may be a secret gets into the log.</summary>
internal static class LoggedFieldsValidator
{
    private const int MaxNames = 16;
    private const int MaxName = 128;

    /// <summary>Parts of names under which secrets travel.</summary>
    private static readonly string[] Suspicious =
    [
        "auth", "token", "secret", "cookie", "passw", "credential", "api-key", "apikey", "api_key", "signature", "session", "assertion", "jwt", "dpop", "cert",
    ];

    /// <summary>Whole names under which they do.</summary>
    private static readonly string[] Secrets = ["key", "sig", "code", "pwd", "pass", "bearer", "sid"];

    public static void Validate(ToolOptions tool, IReadOnlyDictionary<string, CredentialOptions> credentials, string key, ConfigurationErrors errors)
    {
        CheckCount(tool.LoggedQuery, $"{key}:LoggedQuery", errors);
        CheckCount(tool.LoggedHeaders, $"{key}:LoggedHeaders", errors);
        foreach (var (index, name) in tool.LoggedQuery.Index())
        {
            if (name.Length is 0 or > MaxName || name.Any(char.IsControl))
            {
                errors.Add($"{key}:LoggedQuery:{index}", $"must be the name of a query parameter of 1 to {MaxName} characters: write for example \"page\".");
            }
            else if (MaybeSecret(name))
            {
                errors.Add($"{key}:LoggedQuery:{index}", "is a name under which secrets travel, and those are never logged: remove it.");
            }
        }

        // A policy may choose any credential by @credential, so that every one counts.
        var injected = credentials.Values.SelectMany(InjectedHeaders).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (index, name) in tool.LoggedHeaders.Index())
        {
            if (InjectableHeader.Check(name) is not null)
            {
                errors.Add($"{key}:LoggedHeaders:{index}", "must be the name of a header field (RFC 9110 token) that is neither of the connection nor of the gateway: write for example \"X-Request-Reason\".");
            }
            else if (MaybeSecret(name) || injected.Contains(name))
            {
                errors.Add($"{key}:LoggedHeaders:{index}", "is a header that carries what identifies an agent, or a credential, and those are never logged: remove it.");
            }
        }
    }

    private static void CheckCount(IReadOnlyList<string> names, string key, ConfigurationErrors errors)
    {
        if (names.Count > MaxNames)
        {
            errors.Add(key, $"has more than {MaxNames} names: keep those that somebody reads.");
        }
    }

    private static bool MaybeSecret(string name) =>
        Secrets.Contains(name, StringComparer.OrdinalIgnoreCase) || Suspicious.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> InjectedHeaders(CredentialOptions credential) =>
        credential.Inject.Select(entry => entry.Header).OfType<string>();
}
