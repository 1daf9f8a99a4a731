using System.Diagnostics.CodeAnalysis;
using Gateway.Configuration;
using Gateway.Hosting;

namespace Gateway.Cli;

/// <summary>Loads a configuration for a verb, and prints all that is wrong with it.</summary>
internal static class StartupCheck
{
    public static bool TryLoad(ConfigurationOrigin origin, [NotNullWhen(true)] out StartupPlan? plan, bool thorough = false)
    {
        var result = PlanLoader.Load(origin, thorough);
        plan = result.Plan;
        Print("warning", result.Warnings);
        if (plan is not null)
        {
            return true;
        }

        Console.Error.WriteLine($"gateway: {origin.File} has {result.Errors.Count} error{(result.Errors.Count == 1 ? "" : "s")}:");
        Print("error", result.Errors);
        return false;
    }

    public static void Print(string kind, IReadOnlyList<ConfigurationError> findings)
    {
        foreach (var finding in findings)
        {
            Console.Error.WriteLine($"{kind}: {finding.Key}: {finding.Message}");
        }
    }
}
