using System.Collections;

namespace Gateway.Configuration;

/// <summary>Loads the configuration of a gateway: file, then environment variables, then command line; the later one wins.</summary>
internal static class ConfigurationLoader
{
    private const string Section = "Gateway";

    /// <summary>Reads and checks everything, and reports all errors at once.</summary>
    /// <param name="file">Path of the JSON file.</param>
    /// <param name="commandLineArguments">Arguments such as <c>--Gateway:Policy:Directory=policies</c>; others are ignored.</param>
    /// <param name="checkReachability">Whether directories that cannot be written and secrets that cannot be read are errors too.</param>
    public static ConfigurationResult Load(string file, IReadOnlyList<string> commandLineArguments, bool checkReachability = false)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "");
        return Load(file, environment, commandLineArguments, checkReachability, TimeProvider.System);
    }

    /// <inheritdoc cref="Load(string, IReadOnlyList{string}, bool)"/>
    public static ConfigurationResult Load(
        string file, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> commandLineArguments, bool checkReachability, TimeProvider timeProvider)
    {
        var errors = new ConfigurationErrors();
        if (JsonConfigurationFile.Read(file, errors) is not { } root)
        {
            return errors.ToResult(null, null);
        }

        ConfigurationOverlay.ApplyEnvironment(root, environment);
        ConfigurationOverlay.ApplyCommandLine(root, commandLineArguments, errors);
        if (!root.Children.TryGetValue(Section, out var section) || ConfigurationNode.IsAbsent(section))
        {
            errors.AddStructural(Section, "is required: write { \"Gateway\": { … } }.");
            return errors.ToResult(null, root);
        }

        var directory = Path.GetDirectoryName(Path.GetFullPath(file)) ?? Path.GetFullPath(file);
        var options = ConfigurationPaths.Resolve(new ConfigurationReader(errors, directory).Read(section), directory);
        GatewayOptionsValidator.Validate(options, errors, timeProvider.GetUtcNow());
        AuditSinksValidator.Validate(options.Audit, environment, errors);
        TelemetryValidator.Validate(options.Telemetry, environment, errors);
        if (checkReachability)
        {
            ReachabilityValidator.Validate(options, environment, errors);
        }

        return errors.ToResult(options, root) with { Partial = options };
    }
}
