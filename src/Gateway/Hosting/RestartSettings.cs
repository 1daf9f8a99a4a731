using Gateway.Configuration;

namespace Gateway.Hosting;

/// <summary>The settings that are read at the start alone.</summary>
internal static class RestartSettings
{
    /// <summary>A changed configuration as far as it can be in force without a restart.</summary>
    /// <param name="running">What is in force.</param>
    /// <param name="changed">What is to be.</param>
    /// <returns>It, with the settings of this kind as they are, and the keys of those that wait.</returns>
    public static (StartupPlan Plan, IReadOnlyList<string> Waiting) Keep(StartupPlan running, StartupPlan changed)
    {
        var (now, then) = (running.Options, changed.Options);
        (string Key, bool Waits)[] settings =
        [
            ("Gateway:Listeners", Differ(now.Listeners, then.Listeners)),
            ("Gateway:DataDirectory", now.DataDirectory != then.DataDirectory),
            ("Gateway:State", Differ(now.State, then.State)),
            ("Gateway:Audit", Differ(now.Audit, then.Audit) || SinksOf(now) != SinksOf(then)),
            ("Gateway:Telemetry", Differ(now.Telemetry, then.Telemetry)),
        ];
        var kept = then with
        {
            Listeners = now.Listeners,
            DataDirectory = now.DataDirectory,
            State = now.State,
            Audit = now.Audit,
            Telemetry = now.Telemetry,
        };
        return (changed with { Options = kept }, [.. settings.Where(setting => setting.Waits).Select(setting => setting.Key)]);
    }

    private static bool Differ(object left, object right) => Fingerprint.Of(left) != Fingerprint.Of(right);

    /// <summary>Each by itself: serialised as what the table holds, they are nothing but what all sinks have.</summary>
    private static string SinksOf(GatewayOptions options) => Fingerprint.Of([.. options.Audit.Sinks.Values]);
}
