using System.Globalization;

namespace Gateway.Tests.Faults;

/// <summary>The moments and kinds of faults, from a seed that a failed test prints; <c>GATEWAY_FAULT_SEED</c> sets it.</summary>
internal sealed class FaultRandom
{
    private readonly Lock _gate = new();
    private readonly Random _random;

    public FaultRandom()
    {
        Seed = int.TryParse(Environment.GetEnvironmentVariable("GATEWAY_FAULT_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : Random.Shared.Next();
        _random = new Random(Seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"GATEWAY_FAULT_SEED={Seed}");
    }

    public int Seed { get; }

    /// <summary>How often a fault is repeated: 50 times, unless <c>GATEWAY_FAULT_ROUNDS</c> says otherwise.</summary>
    public static int Rounds { get; } = int.TryParse(Environment.GetEnvironmentVariable("GATEWAY_FAULT_ROUNDS"), CultureInfo.InvariantCulture, out var asked) ? asked : 50;

    public int Next(int most)
    {
        lock (_gate)
        {
            return _random.Next(most);
        }
    }
}
