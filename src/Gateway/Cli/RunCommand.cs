using System.CommandLine;
using Gateway.Hosting;

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
        if (!StartupCheck.TryLoad(origin, out var plan) || Build(plan, origin) is not { } built)
        {
            return ExitCode.Usage;
        }

        await using var app = built;
        if (!await TryStartAsync(app, plan, cancellationToken))
        {
            return ExitCode.Usage;
        }

        Serving(app.Logger, string.Join(", ", plan.Options.Listeners.Agents.Select(l => l.Url)), plan.Options.Listeners.Admin.Url, plan.Options.Tools.Count, plan.Policies.Count, plan.Policies.Version);
        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Success;
    }

    /// <returns>Null, having said why, where it cannot be built.</returns>
    private static WebApplication? Build(StartupPlan plan, ConfigurationOrigin origin)
    {
        try
        {
            return GatewayHost.Build(plan, origin);
        }
        catch (Exception exception)
        {
            StartupCheck.Print("error", [StartupFault.Describe(exception)]);
            return null;
        }
    }

    private static async Task<bool> TryStartAsync(WebApplication app, StartupPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            var problems = await StartupProbe.FindProblemsAsync(app.Services, plan.Options, cancellationToken);
            StartupCheck.Print("error", problems);
            if (problems.Count > 0)
            {
                return false;
            }

            await app.StartAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            NotStarted(app.Logger, StartupFault.Trail(exception));
            NotStartedIn(app.Logger, exception);
            StartupCheck.Print("error", [StartupFault.Describe(exception)]);
            await StopAsync(app);
            return false;
        }
    }

    /// <summary>What was begun is ended; that it cannot be, after a start that failed, is no news.</summary>
    private static async Task StopAsync(WebApplication app)
    {
        try
        {
            await app.StopAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            NotStartedIn(app.Logger, exception);
        }
    }

    [LoggerMessage(1103, LogLevel.Information, "Serving agents on {Agents}, admin on {Admin}; tools: {Tools}, policies: {Policies} ({Version})", EventName = "Serving")]
    private static partial void Serving(ILogger logger, string agents, string admin, int tools, int policies, string version);

    [LoggerMessage(1105, LogLevel.Error, "The gateway cannot start: {Problem}", EventName = "NotStarted")]
    private static partial void NotStarted(ILogger logger, string problem);

    [LoggerMessage(1106, LogLevel.Debug, "Where the start failed", EventName = "NotStartedIn")]
    private static partial void NotStartedIn(ILogger logger, Exception exception);
}
