using Gateway.Admin;
using Gateway.Configuration;

namespace Gateway.Hosting;

/// <summary>Puts a changed configuration into force when it is sound as a whole, and keeps the last good one when it is not.</summary>
/// <remarks>
/// Looks rather than listens: files that an orchestrator mounts change behind a symbolic link, which file system events
/// do not tell.
/// </remarks>
internal sealed partial class ConfigurationReloader(
    StartupPlan initial,
    ConfigurationOrigin origin,
    RuntimeConfiguration runtime,
    LogLevels levels,
    ConfigurationHealth health,
    ConfigurationEvents events,
    TimeProvider clock,
    ILogger<ConfigurationReloader> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var current = initial;
        var (read, policies) = (initial.Stamps, initial.Options.Policy.Directory);
        var previous = read;
        using var timer = new PeriodicTimer(Interval, clock);
        while (await WaitAsync(timer, stoppingToken))
        {
            var stamps = FileStamps.Of(origin.File) + FileStamps.OfPolicies(policies);

            // The same for a whole interval: nobody is in the midst of writing. A policy file that is missing or cut short for a
            // moment would take a forbid out of force.
            if (stamps != read && stamps == previous)
            {
                var result = PlanLoader.Load(origin, thorough: false);
                read = result.Stamps;
                policies = result.PolicyDirectory ?? policies;
                current = await TryReplaceAsync(current, result, stoppingToken);
            }

            previous = stamps;
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<StartupPlan> TryReplaceAsync(StartupPlan current, PlanResult result, CancellationToken cancellationToken)
    {
        if (result.Plan is not { } changed)
        {
            Reject(result.Errors);
            return current;
        }

        var (plan, waiting) = RestartSettings.Keep(current, changed);
        try
        {
            levels.Reload();
            await runtime.ReplaceAsync(plan, cancellationToken);
            health.Report(waiting.Count == 0 ? null : $"Changed, and in force after a restart: {string.Join(", ", waiting)}. The rest of the configuration is in force.");
            foreach (var key in waiting)
            {
                Waits(logger, key);
            }

            foreach (var warning in result.Warnings)
            {
                Warned(logger, warning.Key, warning.Message.Split('\n')[0]);
            }

            events.Replaced(current, plan);
            Reloaded(logger, plan.Options.Tools.Count, plan.Policies.Count, plan.Policies.Version);
            return plan;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The watch must go on: the next change may be the cure.
            ReloadFailed(logger, exception);
            events.Failed();
            health.Report("The changed configuration could not be put into force; the former one is.");
            return current;
        }
    }

    private void Reject(IReadOnlyList<ConfigurationError> errors)
    {
        foreach (var error in errors)
        {
            Rejected(logger, error.Key, error.Message.Split('\n')[0]);
        }

        events.Rejected(errors);
        health.Report($"The changed configuration has errors, so the former one stays in force; the log names them.");
    }

    [LoggerMessage(1100, LogLevel.Information, "A changed configuration is in force: {Tools} tools, {Policies} policies ({Version})", EventName = "ConfigurationReloaded")]
    private static partial void Reloaded(ILogger logger, int tools, int policies, string version);

    [LoggerMessage(1104, LogLevel.Warning, "The changed configuration: {Key}: {Problem}", EventName = "ConfigurationWarning")]
    private static partial void Warned(ILogger logger, string key, string problem);

    [LoggerMessage(1107, LogLevel.Warning, "The changed configuration: {Key} takes effect after a restart; the rest is in force", EventName = "ConfigurationWaits")]
    private static partial void Waits(ILogger logger, string key);

    [LoggerMessage(1101, LogLevel.Error, "The changed configuration is not in force: {Key}: {Problem}", EventName = "ConfigurationRejected")]
    private static partial void Rejected(ILogger logger, string key, string problem);

    [LoggerMessage(1102, LogLevel.Error, "The changed configuration could not be put into force", EventName = "ConfigurationReloadFailed")]
    private static partial void ReloadFailed(ILogger logger, Exception exception);
}
