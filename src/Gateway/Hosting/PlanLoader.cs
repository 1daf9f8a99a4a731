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
        var result = ConfigurationLoader.Load(origin.File, origin.Arguments, thorough);
        if (result.Partial?.Policy.Directory is not { } directory || !Directory.Exists(directory))
        {
            return new PlanResult(null, result.Errors, result.Warnings); // a missing directory is among the errors
        }

        // Policies are read even where the rest is wrong, so that one run shows all there is to mend.
        var policies = PolicyFiles.Read(directory);
        ConfigurationError[] errors = [.. result.Errors, .. policies.Problems.Select(p => new ConfigurationError(PolicyKey, p))];
        return errors.Length > 0 || result.Options is not { } options
            ? new PlanResult(null, errors, result.Warnings)
            : new PlanResult(new StartupPlan(options, policies), [], result.Warnings);
    }

    /// <summary>Only where data is kept, of a configuration that may be unfinished.</summary>
    /// <exception cref="FormatException">The file cannot be read.</exception>
    public static string DataDirectory(ConfigurationOrigin origin)
    {
        var result = ConfigurationLoader.Load(origin.File, origin.Arguments);
        return result.Partial?.DataDirectory
            ?? throw new FormatException($"{result.Errors[0].Key}: {result.Errors[0].Message} (Or name the data directory with --data.)");
    }
}
