using System.CommandLine;
using System.Net.Sockets;
using Gateway.Core.Credentials;
using Gateway.Hosting;
using Gateway.Integrations.Sqlite;
using Gateway.Tasks;

namespace Gateway.Cli;

/// <summary><c>gateway run --config FILE</c>: serves until it is stopped.</summary>
internal static partial class RunCommand
{
    public static Command Create()
    {
        var config = CommandLine.ConfigOption();
        var command = new Command("run", "Serves. Settings may be overridden as in any ASP.NET Core host: Gateway__Policy__Directory=… in the environment, or --Gateway:Policy:Directory=… here.")
        {
            config,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((result, cancellationToken) => CommandLine.TryReadOverrides(result, out var overrides)
            ? RunAsync(new ConfigurationOrigin(result.GetRequiredValue(config).FullName, overrides), cancellationToken)
            : Task.FromResult(ExitCode.Usage));
        return command;
    }

    private static async Task<int> RunAsync(ConfigurationOrigin origin, CancellationToken cancellationToken)
    {
        if (!StartupCheck.TryLoad(origin, out var plan))
        {
            return ExitCode.Usage;
        }

        if (ListenerProbe.FindProblem(plan.Options.Listeners) is { } problem)
        {
            StartupCheck.Print("error", [problem]);
            return ExitCode.Usage;
        }

        await using var app = GatewayHost.Build(plan, origin);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is StateDatabaseException or LedgerUnavailableException)
        {
            await Console.Error.WriteLineAsync($"error: Gateway:DataDirectory: {exception.Message}");
            await app.StopAsync(CancellationToken.None);
            return ExitCode.Usage;
        }
        catch (AuditKeyException exception)
        {
            await Console.Error.WriteLineAsync($"error: {exception.Message}");
            await app.StopAsync(CancellationToken.None);
            return ExitCode.Usage;
        }
        catch (Exception exception) when (exception is IOException or SocketException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"error: Gateway:Listeners: {exception.Message}");
            await app.StopAsync(CancellationToken.None);
            return ExitCode.Usage;
        }

        Serving(app.Logger, string.Join(", ", plan.Options.Listeners.Agents.Select(l => l.Url)), plan.Options.Listeners.Admin.Url, plan.Options.Tools.Count, plan.Policies.Count, plan.Policies.Version);
        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Success;
    }

    [LoggerMessage(1103, LogLevel.Information, "Serving agents on {Agents}, admin on {Admin}; tools: {Tools}, policies: {Policies} ({Version})", EventName = "Serving")]
    private static partial void Serving(ILogger logger, string agents, string admin, int tools, int policies, string version);
}
