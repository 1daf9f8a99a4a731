namespace Gateway.Benchmarks.Proxy;

/// <summary>The gateway against another contender; above 1 the gateway is ahead, in both figures.</summary>
/// <remarks>
/// Taken within each round and only then summarised: neighbours in time met the same machine, so what slows a whole round
/// cancels out, which it would not in a ratio of two medians.
/// </remarks>
internal sealed record Ratio(string Gateway, string Other, Spread? RequestsPerSecond, Spread? RequestsPerCpuSecond)
{
    public static Ratio Of(string gateway, string other, ILookup<string, Round> rounds)
    {
        (Round Ours, Round Theirs)[] pairs =
            [.. rounds[gateway].Join(rounds[other], round => round.Number, round => round.Number, (ours, theirs) => (ours, theirs))];
        return new Ratio(
            gateway,
            other,
            Spread.Of(pairs.Select(pair => (double?)(pair.Ours.RequestsPerSecond / pair.Theirs.RequestsPerSecond))),
            Spread.Of(pairs.Select(pair => pair.Theirs.CpuSecondsPerThousand / pair.Ours.CpuSecondsPerThousand)));
    }
}
