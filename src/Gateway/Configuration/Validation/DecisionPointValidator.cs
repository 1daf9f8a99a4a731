using System.Text.RegularExpressions;

namespace Gateway.Configuration;

/// <summary>Checks <c>Gateway:Policy:Opa</c> and <c>Gateway:Policy:AuthZen</c>, and that the engine chosen has its section.</summary>
internal static partial class DecisionPointValidator
{
    private const string OpaKey = "Gateway:Policy:Opa";
    private const string AuthZenKey = "Gateway:Policy:AuthZen";

    public static void Validate(PolicyOptions options, ConfigurationErrors errors)
    {
        CheckPresence(OpaKey, options.Opa is not null, PolicyEngineKind.Opa, options.Engine, errors);
        CheckPresence(AuthZenKey, options.AuthZen is not null, PolicyEngineKind.AuthZen, options.Engine, errors);
        if (options.Opa is { } opa)
        {
            CheckUrl(opa.Url, OpaKey, errors);
            if (!RulePath().IsMatch(opa.Path))
            {
                errors.Add($"{OpaKey}:Path", "must be the path of a rule, with slashes and without \"data\" or \"v1\" before it: write for example \"gateway/allow\".");
            }
        }

        if (options.AuthZen is { } authZen)
        {
            CheckUrl(authZen.Url, AuthZenKey, errors);
        }
    }

    private static void CheckPresence(string key, bool present, PolicyEngineKind kind, PolicyEngineKind chosen, ConfigurationErrors errors)
    {
        if (kind == chosen && !present)
        {
            errors.Add(key, $"is required, since Gateway:Policy:Engine is {kind}: write {{ \"Url\": … }}.");
        }
        else if (kind != chosen && present)
        {
            // No error: whoever must do without the decision point for an hour overrides Engine alone.
            errors.Warn(key, $"is not used, since Gateway:Policy:Engine is {chosen}: write {kind} there, or remove the section.");
        }
    }

    private static void CheckUrl(string url, string key, ConfigurationErrors errors)
    {
        // Whoever can change an answer on its way decides instead.
        if (WebAddress.CheckTrusted(url, queryAllowed: false) is { } problem)
        {
            errors.Add($"{key}:Url", problem);
        }
    }

    [GeneratedRegex(@"\A(?!v1/|data/)[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RulePath();
}
