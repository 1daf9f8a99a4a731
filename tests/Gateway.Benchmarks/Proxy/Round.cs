using System.Globalization;

namespace Gateway.Benchmarks.Proxy;

/// <summary>One contender's few seconds under load, as tests/bench wrote it down.</summary>
/// <param name="CpuSeconds">User and system time of the contender's processes; null where /proc did not tell.</param>
internal sealed record Round(
    int Number,
    string Contender,
    long Requests,
    double Seconds,
    double MedianLatencyMs,
    double TailLatencyMs,
    double? CpuSeconds,
    double? ResidentMegabytes,
    long Failures)
{
    public double RequestsPerSecond => Requests / Seconds;

    public double? CpuSecondsPerThousand => CpuSeconds * 1000 / Requests;

    public static Round Parse(string line)
    {
        string[] field = line.Split('\t');
        return new Round(
            Number: int.Parse(field[0], CultureInfo.InvariantCulture),
            Contender: field[1],
            Requests: long.Parse(field[2], CultureInfo.InvariantCulture),
            Seconds: Parse(field[3], perUnit: 1_000_000)!.Value,
            MedianLatencyMs: Parse(field[4], perUnit: 1000)!.Value,
            TailLatencyMs: Parse(field[5], perUnit: 1000)!.Value,
            CpuSeconds: Parse(field[6], perUnit: 1000),
            ResidentMegabytes: Parse(field[7], perUnit: 1024),
            Failures: long.Parse(field[8], CultureInfo.InvariantCulture));
    }

    private static double? Parse(string field, double perUnit)
        => field is "-" ? null : double.Parse(field, CultureInfo.InvariantCulture) / perUnit;
}
