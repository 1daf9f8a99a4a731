using Gateway.Configuration;
using Gateway.Core.Policy;

namespace Gateway.Hosting;

/// <summary>Reads a configuration with its policies and says everything that is wrong with it.</summary>
internal static class PlanLoader
{
    private const string PolicyKey = "Gateway:Policy:Directory";

    /// <param name="origin">Where it is.</param>
    /// <param name="thorough">Whether directories and secrets that cannot be reached now are errors too.</param>
    public static PlanResult Load(ConfigurationOrigin origin, bool thorough)
    {
        var stamps = FileStamps.Of(origin.File);
        var result = origin.Load(thorough);
        if (result.Partial is not { } partial)
        {
            return new PlanResult(null, result.Errors, result.Warnings) { Stamps = stamps };
        }

        // Policies are read even where the rest is wrong, so that one run shows all there is to mend. A directory that is missing
        // is among the errors already.
        stamps += FileStamps.OfPolicies(partial.Policy.Directory);
        var policies = partial.Policy.Engine == PolicyEngineKind.Cedar && Directory.Exists(partial.Policy.Directory)
            ? PolicyFiles.Read(partial.Policy.Directory)
            : PolicyFiles.None;
        var findings = partial.Policy.Engine == PolicyEngineKind.Cedar && IsVocabularySound(result, partial) ? Check(policies, partial) : [];
        ConfigurationError[] errors =
        [
            .. result.Errors,
            .. policies.Problems.Concat(UnknownCredentials(policies, partial)).Select(p => new ConfigurationError(PolicyKey, p)),
            .. findings.Where(finding => !finding.IsWarning).Select(finding => new ConfigurationError(PolicyKey, finding.Text)),
        ];
        ConfigurationError[] warnings = [.. result.Warnings, .. findings.Where(finding => finding.IsWarning).Select(finding => new ConfigurationError(PolicyKey, finding.Text))];
        var plan = errors.Length > 0 || result.Options is not { } options ? null : new StartupPlan(options, policies, stamps);
        return new PlanResult(plan, errors, warnings) { Stamps = stamps, PolicyDirectory = partial.Policy.Directory, PolicyCount = policies.Count };
    }

    /// <summary>Whether policies can be judged: with tools or agents amiss, sound ones would be reported, and with no tool all.</summary>
    private static bool IsVocabularySound(ConfigurationResult result, GatewayOptions options) =>
        options.Tools.Count > 0
        && !result.Errors.Any(error => error.Key.StartsWith("Gateway:Tools", StringComparison.OrdinalIgnoreCase) || error.Key.StartsWith("Gateway:Identity", StringComparison.OrdinalIgnoreCase));

    private static IReadOnlyList<PolicyFinding> Check(PolicyFiles policies, GatewayOptions options)
    {
        var vocabulary = PolicyPlan.Vocabulary(options, policies.Set);
        return new PolicyChecker(vocabulary, PolicySchema.Create(vocabulary, policies.Set)).Check(policies.Set);
    }

    /// <summary>A policy that names a credential which does not exist would permit calls that can never be made.</summary>
    private static IEnumerable<string> UnknownCredentials(PolicyFiles policies, GatewayOptions options) =>
        from policy in policies.Set.Policies
        let credential = policy.Annotations.GetValueOrDefault("credential")
        where credential is not null && !options.Credentials.ContainsKey(credential)
        select $"{policy.Position}: error: policy `{policy.Id}`: @credential names no entry of Gateway:Credentials.";

    /// <summary>Only where data is kept, of a configuration that may be unfinished.</summary>
    /// <exception cref="FormatException">The file cannot be read.</exception>
    public static string DataDirectory(ConfigurationOrigin origin) => Partial(origin, "(Or name the data directory with --data.)").DataDirectory;

    /// <summary>Only where calls are recorded.</summary>
    /// <inheritdoc cref="DataDirectory"/>
    public static string CallLogDirectory(ConfigurationOrigin origin) => Partial(origin, "(Or name the log's directory with --directory.)").Audit.Directory;

    private static GatewayOptions Partial(ConfigurationOrigin origin, string otherwise)
    {
        var result = origin.Load(thorough: false);
        return result.Partial ?? throw new FormatException($"{result.Errors[0].Key}: {result.Errors[0].Message} {otherwise}");
    }
}
