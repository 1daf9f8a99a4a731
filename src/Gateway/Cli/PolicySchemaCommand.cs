using System.CommandLine;
using Gateway.Core.Policy;
using Gateway.Hosting;

namespace Gateway.Cli;

/// <summary><c>gateway policy schema --config FILE [--json]</c>: the Cedar schema that policies are checked against.</summary>
internal static class PolicySchemaCommand
{
    public static Command Create()
    {
        var config = CommandLine.ConfigOption();
        var json = new Option<bool>("--json") { Description = "Prints Cedar's JSON schema format." };
        var command = new Command("schema", "Prints the Cedar schema that the configuration generates.") { config, json };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(result => CommandLine.TryReadOverrides(result, out var overrides)
            ? Print(new ConfigurationOrigin(result.GetRequiredValue(config).FullName, overrides), result.GetValue(json))
            : ExitCode.Usage);
        return command;
    }

    private static int Print(ConfigurationOrigin origin, bool asJson)
    {
        var result = origin.Load(thorough: false);
        if (result.Options is not { } options)
        {
            StartupCheck.Print("error", result.Errors);
            return ExitCode.Usage;
        }

        // Policies that cannot be read are no obstacle: the schema is what one needs to mend them.
        var policies = PolicyFiles.Read(options.Policy.Directory).Set;
        var schema = PolicySchema.Create(PolicyPlan.Vocabulary(options, policies), policies);
        Console.Write(asJson ? $"{schema.Schema.ToJson()}\n" : schema.Text);
        return ExitCode.Success;
    }
}
