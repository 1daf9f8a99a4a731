namespace Gateway.Benchmarks.Proxy;

/// <summary>One contender over all its rounds.</summary>
internal sealed record Standing(
    string Contender,
    Spread? RequestsPerSecond,
    Spread? MedianLatencyMs,
    Spread? TailLatencyMs,
    Spread? CpuSecondsPerThousand,
    Spread? ResidentMegabytes,
    long Requests,
    long Failures)
{
    public static Standing Of(string contender, IReadOnlyCollection<Round> rounds) => new(
        contender,
        Spread.Of(rounds.Select(round => (double?)round.RequestsPerSecond)),
        Spread.Of(rounds.Select(round => (double?)round.MedianLatencyMs)),
        Spread.Of(rounds.Select(round => (double?)round.TailLatencyMs)),
        Spread.Of(rounds.Select(round => round.CpuSecondsPerThousand)),
        Spread.Of(rounds.Select(round => round.ResidentMegabytes)),
        rounds.Sum(round => round.Requests),
        rounds.Sum(round => round.Failures));
}
