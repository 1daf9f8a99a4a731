using System.CommandLine;
using Gateway.Demo;
using Spectre.Console;

namespace Gateway.Cli;

/// <summary><c>gateway demo [--once]</c>: the main job on embedded defaults.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var once = new Option<bool>("--once") { Description = "Exit after the five calls: 0 if all went as they should." };
        var command = new Command("demo", "Starts the gateway, an API that demands a credential, and an identity issuer, and makes five calls as an agent.") { once };
        command.SetAction((result, cancellationToken) => RunAsync(result.GetValue(once), cancellationToken));
        return command;
    }

    /// <summary>Colours are for people at a terminal, and only where they want them (no-color.org).</summary>
    private static IAnsiConsole CreateConsole()
    {
        var plain = Console.IsOutputRedirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });

        // Every line is written to fit 80 columns; a narrower guess must not break them.
        console.Profile.Width = Math.Max(console.Profile.Width, 80);
        return console;
    }

    private static async Task<int> RunAsync(bool once, CancellationToken cancellationToken)
    {
        var report = new DemoReport(CreateConsole());
        await using var setup = await DemoSetup.StartAsync(TimeProvider.System, cancellationToken);
        var asExpected = await new DemoScript(setup, report).PlayAsync(cancellationToken);
        if (!once)
        {
            report.Invite(setup);
            await setup.WaitForShutdownAsync(cancellationToken);
        }

        return asExpected ? ExitCode.Success : ExitCode.Failure;
    }
}
