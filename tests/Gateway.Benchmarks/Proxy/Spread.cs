using System.Globalization;

namespace Gateway.Benchmarks.Proxy;

/// <summary>What several rounds said about one figure. The extremes are kept so that a noisy run shows as one.</summary>
internal sealed record Spread(double Median, double Min, double Max)
{
    /// <summary>Null when any round has no figure: a median over the others would hide that.</summary>
    public static Spread? Of(IEnumerable<double?> values)
    {
        double?[] all = [.. values.Order()];
        if (all.Length == 0 || all[0] is not { } min)
        {
            return null;
        }

        double upper = all[all.Length / 2]!.Value;
        double lower = all[(all.Length - 1) / 2]!.Value;
        return new Spread((lower + upper) / 2, min, all[^1]!.Value);
    }

    public string ToString(string format)
        => string.Create(CultureInfo.InvariantCulture, $"{Median.ToString(format, CultureInfo.InvariantCulture)} {Range(format)}");

    private string Range(string format)
        => $"({Min.ToString(format, CultureInfo.InvariantCulture)}..{Max.ToString(format, CultureInfo.InvariantCulture)})";
}
