using System.CommandLine;
using Gateway.Hosting;

namespace Gateway.Cli;

/// <summary><c>gateway validate --config FILE</c>: everything that is wrong, at once, without serving.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var config = CommandLine.ConfigOption();
        var command = new Command("validate", "Checks the configuration, its policies and the files that it names; prints all errors.") { config };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (result, cancellationToken) =>
        {
            if (!CommandLine.TryReadOverrides(result, out var overrides))
            {
                return ExitCode.Usage;
            }

            var origin = new ConfigurationOrigin(result.GetRequiredValue(config).FullName, overrides);
            if (!StartupCheck.TryLoad(origin, out var plan, thorough: true))
            {
                return ExitCode.Usage;
            }

            StartupCheck.Print("warning", await StoredSecrets.FindMissingAsync(plan.Options, cancellationToken));
            Console.WriteLine($"{origin.File}: valid ({plan.Options.Tools.Count} tools, {plan.Options.Identity.Issuers.Count} issuers, {plan.Policies.Count} policies).");
            return ExitCode.Success;
        });
        return command;
    }
}
