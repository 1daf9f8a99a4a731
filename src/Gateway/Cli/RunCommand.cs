using System.CommandLine;
using Gateway.Hosting;

namespace Gateway.Cli;

/// <summary><c>gateway run --config FILE</c>: serves until it is stopped.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var config = CommandLine.ConfigOption();
        var command = new Command("run", "Serves. Settings may be overridden as in any ASP.NET Core host: Gateway__Policy__Directory=… in the environment, or --Gateway:Policy:Directory=… here.")
        {
            config,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((result, cancellationToken) =>
            RunAsync(new ConfigurationOrigin(result.GetRequiredValue(config).FullName, result.UnmatchedTokens), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ConfigurationOrigin origin, CancellationToken cancellationToken)
    {
        if (!StartupCheck.TryLoad(origin, out var plan))
        {
            return ExitCode.Usage;
        }

        await using var app = GatewayHost.Build(plan, origin);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            // Kestrel's message names the address that it could not bind.
            await Console.Error.WriteLineAsync($"gateway: {exception.Message}");
            return ExitCode.Usage;
        }

        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Success;
    }
}
