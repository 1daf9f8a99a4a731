using System.Globalization;
using System.Text.Json;

namespace Gateway.Benchmarks.Proxy;

/// <summary>Turns the rounds that tests/bench wrote down into the table it prints and the file of <c>--json</c>.</summary>
internal static class ReportVerb
{
    private const string GatewayPrefix = "gateway-";
    private static readonly JsonSerializerOptions JsonLayout = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <param name="folder">
    /// Holds <c>rounds.tsv</c> (see <see cref="Round"/>), <c>machine.tsv</c> (name, value) and <c>problems.txt</c> (one a line).
    /// </param>
    /// <param name="json">Where to write the machine-readable report; null for none.</param>
    public static int Run(string folder, string? json)
    {
        ILookup<string, Round> rounds = Lines(folder, "rounds.tsv").Select(Round.Parse).ToLookup(round => round.Contender);
        Standing[] standings = [.. rounds.Select(group => Standing.Of(group.Key, [.. group]))];
        Ratio[] ratios =
        [
            .. from gateway in standings
               where gateway.Contender.StartsWith(GatewayPrefix, StringComparison.Ordinal)
               from other in standings
               where !other.Contender.StartsWith(GatewayPrefix, StringComparison.Ordinal)
               select Ratio.Of(gateway.Contender, other.Contender, rounds),
        ];
        Print(standings, ratios);
        if (json is not null)
        {
            Dictionary<string, string> machine = Lines(folder, "machine.tsv").Select(line => line.Split('\t')).ToDictionary(pair => pair[0], pair => pair[1]);
            string[] problems = [.. Lines(folder, "problems.txt")];
            var report = new { machine, problems, standings, ratios, rounds = rounds.SelectMany(group => group) };
            File.WriteAllText(json, JsonSerializer.Serialize(report, JsonLayout));
        }

        return 0;
    }

    private static IEnumerable<string> Lines(string folder, string file)
        => File.ReadLines(Path.Combine(folder, file)).Where(line => line.Length > 0);

    private static void Print(Standing[] standings, Ratio[] ratios)
    {
        Row("median (min..max)", "requests/s", "p50 ms", "p99 ms", "CPU s/1000", "RSS MB");
        foreach (Standing standing in standings)
        {
            Row(
                standing.Contender,
                standing.RequestsPerSecond?.ToString("F0") ?? "-",
                Median(standing.MedianLatencyMs, "F2"),
                Median(standing.TailLatencyMs, "F2"),
                Median(standing.CpuSecondsPerThousand, "F4"),
                Median(standing.ResidentMegabytes, "F0"));
        }

        if (ratios.Length == 0)
        {
            return;
        }

        Console.WriteLine();
        Console.WriteLine($"{"above 1: the gateway is ahead",-34} {"requests/s",-22} requests per CPU second");
        foreach (Ratio ratio in ratios)
        {
            string requests = ratio.RequestsPerSecond?.ToString("F2") ?? "-";
            Console.WriteLine($"{$"{ratio.Gateway} / {ratio.Other}",-34} {requests,-22} {ratio.RequestsPerCpuSecond?.ToString("F2") ?? "-"}");
        }
    }

    private static void Row(string contender, string requests, string median, string tail, string cpu, string resident)
        => Console.WriteLine($"{contender,-18} {requests,-22} {median,7} {tail,8} {cpu,10} {resident,7}");

    private static string Median(Spread? spread, string format)
        => spread?.Median.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
