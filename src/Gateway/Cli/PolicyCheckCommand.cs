using System.CommandLine;
using Gateway.Hosting;

namespace Gateway.Cli;

/// <summary><c>gateway policy check --config FILE</c>: everything that is wrong with the policies, at once.</summary>
internal static class PolicyCheckCommand
{
    public static Command Create()
    {
        var config = CommandLine.ConfigOption();
        var command = new Command("check", "Checks the policies against the schema that the configuration generates; prints all errors and warnings.") { config };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(result => CommandLine.TryReadOverrides(result, out var overrides)
            ? Check(new ConfigurationOrigin(result.GetRequiredValue(config).FullName, overrides))
            : ExitCode.Usage);
        return command;
    }

    private static int Check(ConfigurationOrigin origin)
    {
        var result = PlanLoader.Load(origin, thorough: false);
        StartupCheck.Print("warning", result.Warnings);
        StartupCheck.Print("error", result.Errors);
        Console.WriteLine($"{result.PolicyDirectory ?? origin.File}: {Count(result.PolicyCount, "policy", "policies")}, {Count(result.Errors.Count, "error", "errors")}, {Count(result.Warnings.Count, "warning", "warnings")}.");
        return result.Plan is null ? ExitCode.Usage : ExitCode.Success;
    }

    private static string Count(int count, string one, string many) => $"{count} {(count == 1 ? one : many)}";
}
