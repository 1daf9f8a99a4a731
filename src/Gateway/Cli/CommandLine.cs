using System.CommandLine;

namespace Gateway.Cli;

/// <summary>The executable's verbs.</summary>
internal static class CommandLine
{
    public static RootCommand Create() => new("Gateway: agents call tools without holding a credential.")
    {
        DemoCommand.Create(),
        RunCommand.Create(),
        ValidateCommand.Create(),
        SecretsCommand.Create(),
    };

    /// <summary>The option that every verb with a configuration has.</summary>
    public static Option<FileInfo> ConfigOption() => new("--config", "-c")
    {
        Description = "The configuration file.",
        DefaultValueFactory = _ => new FileInfo("config/gateway.json"),
        HelpName = "FILE",
    };
}
