using System.CommandLine;
using System.CommandLine.Invocation;

namespace Gateway.Cli;

/// <summary>The executable's verbs.</summary>
internal static class CommandLine
{
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var result = Create().Parse(arguments);

        // The host answers SIGTERM itself: it lets calls under way end and writes their records, which takes longer than the
        // two seconds after which the command line would end the process.
        var code = await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

        // The library's own code for a mistake in the command line is 1, which says something else of most verbs: a deny, a failure.
        return result.Action is not ParseErrorAction ? code
            : result.CommandResult.Command.Name == AuditVerifyCommand.Name ? ExitCode.Failure
            : ExitCode.Usage;
    }

    private static RootCommand Create() => new("Gateway: agents call tools without holding a credential.")
    {
        DemoCommand.Create(),
        RunCommand.Create(),
        ValidateCommand.Create(),
        PolicyCommand.Create(),
        SecretsCommand.Create(),
        AuditCommand.Create(),
        CallsCommand.Create(),
        TasksCommand.Create(),
        AgentsCommand.Create(),
        LeasesCommand.Create(),
        SidecarCommand.Create(),
        ExecCommand.Create(),
    };

    /// <summary>The settings that override the configuration file: <c>--Section:Key=value</c> or <c>--Section:Key value</c>.</summary>
    /// <returns>False, having said so, where there is anything else: a mistyped switch must not be ignored.</returns>
    public static bool TryReadOverrides(ParseResult result, out IReadOnlyList<string> overrides)
    {
        overrides = result.UnmatchedTokens;
        var expectsValue = false;
        foreach (var token in overrides)
        {
            if (expectsValue && !token.StartsWith('-'))
            {
                expectsValue = false;
                continue;
            }

            if (expectsValue || !token.StartsWith("--", StringComparison.Ordinal) || !token.Contains(':', StringComparison.Ordinal))
            {
                var name = token.Split('=')[0];
                Console.Error.WriteLine($"gateway: '{name}' is not an option of this verb; see --help. Settings are given as --Gateway:Section:Key=value.");
                return false;
            }

            expectsValue = !token.Contains('=', StringComparison.Ordinal);
        }

        return true;
    }

    /// <summary>The option that every verb with a configuration has.</summary>
    public static Option<FileInfo> ConfigOption() => new("--config", "-c")
    {
        Description = "The configuration file.",
        DefaultValueFactory = _ => new FileInfo("config/gateway.json"),
        HelpName = "FILE",
    };
}
