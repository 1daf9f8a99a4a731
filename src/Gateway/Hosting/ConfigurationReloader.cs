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
    ConfigurationHealth health,
    TimeProvider clock,
    ILogger<ConfigurationReloader> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var current = initial;
        var seen = FileStamps.Of(origin.File, current.Options.Policy.Directory);
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var stamps = FileStamps.Of(origin.File, current.Options.Policy.Directory);
            if (stamps == seen)
            {
                continue;
            }

            seen = stamps;
            current = await ReloadAsync(current, stoppingToken);
        }
    }

    private async Task<StartupPlan> ReloadAsync(StartupPlan current, CancellationToken cancellationToken)
    {
        try
        {
            var result = PlanLoader.Load(origin, thorough: false);
            if (result.Plan is not { } plan)
            {
                Reject(result.Errors);
                return current;
            }

            if (NeedsRestart(current, plan) is { } key)
            {
                Reject([new ConfigurationError(key, "changed, which takes effect only after a restart; nothing of the new configuration is in force.")]);
                return current;
            }

            await runtime.ReplaceAsync(plan, cancellationToken);
            health.Report(null);
            Reloaded(logger, plan.Options.Tools.Count, plan.Policies.Count, plan.Policies.Version);
            return plan;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The watch must go on: the next change may be the cure.
            ReloadFailed(logger, exception);
            health.Report("The changed configuration could not be put into force; the former one is.");
            return current;
        }
    }

    private void Reject(IReadOnlyList<ConfigurationError> errors)
    {
        foreach (var error in errors)
        {
            Rejected(logger, error.Key, error.Message);
        }

        health.Report($"The changed configuration has {errors.Count} error(s), so the former one stays in force; the log names them.");
    }

    private static string? NeedsRestart(StartupPlan current, StartupPlan next) =>
        Fingerprint.Of(current.Options.Listeners) != Fingerprint.Of(next.Options.Listeners) ? "Gateway:Listeners"
        : current.Options.DataDirectory != next.Options.DataDirectory ? "Gateway:DataDirectory"
        : Fingerprint.Of(current.Options.Audit) != Fingerprint.Of(next.Options.Audit) ? "Gateway:Audit"
        : null;

    [LoggerMessage(1100, LogLevel.Information, "A changed configuration is in force: {Tools} tools, {Policies} policies ({Version})", EventName = "ConfigurationReloaded")]
    private static partial void Reloaded(ILogger logger, int tools, int policies, string version);

    [LoggerMessage(1101, LogLevel.Error, "The changed configuration is not in force: {Key}: {Problem}", EventName = "ConfigurationRejected")]
    private static partial void Rejected(ILogger logger, string key, string problem);

    [LoggerMessage(1102, LogLevel.Error, "The changed configuration could not be put into force", EventName = "ConfigurationReloadFailed")]
    private static partial void ReloadFailed(ILogger logger, Exception exception);
}
