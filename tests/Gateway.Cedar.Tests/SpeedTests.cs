using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Gateway.Cedar.Tests;

/// <summary>Bounds on cost. They run alone and look at processor time or at the best of many short runs, since other work may share the machine.</summary>
[Collection(nameof(Alone))]
public sealed class SpeedTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("permit(principal, action, resource) when { context.a.b == \"x\" && [1, 2].contains(3) };\n")]
    [InlineData("permit(principal, action, resource) when { @ };\n")]
    [InlineData("\" \\\n")]
    [InlineData("a::")]
    [InlineData("\"\\\"\n\\\"")]
    [InlineData(";")]
    [InlineData("((((")]
    [InlineData("\ud83d")]
    public void Parse_OneMegabyte_IsLinear(string unit)
    {
        var text = new StringBuilder(1 << 20);
        while (text.Length < 1 << 20)
        {
            text.Append(unit);
        }

        var before = Environment.CpuUsage.TotalTime;
        var result = PolicySet.Parse(text.ToString());
        var spent = Environment.CpuUsage.TotalTime - before;
        output.WriteLine($"{spent.TotalMilliseconds} ms of processor time, {result.Diagnostics.Count} mistakes");

        // Half a second in an optimised build; a parser that is not linear would take minutes.
        Assert.InRange(spent, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Authorize_TenThousandPolicies_CostsNoMoreThanTwiceTen()
    {
        var few = Create(10);
        var many = Create(10_000);
        var request = new CedarRequest(new("Agent", "a"), new("Action", "t/x"), new("Tool", "t"), CedarRecord.Create([new("n", 1L)]));
        Assert.True(few.Authorize(request, EntityStore.Empty).IsAllowed);
        Assert.True(many.Authorize(request, EntityStore.Empty).IsAllowed);

        var (costOfFew, costOfMany) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < 400; round++)
        {
            costOfFew = Math.Min(costOfFew, Measure(few, request));
            costOfMany = Math.Min(costOfMany, Measure(many, request));
        }

        output.WriteLine($"10 policies: {costOfFew:0} ns, 10,000 policies: {costOfMany:0} ns");
        Assert.InRange(costOfMany, 0, costOfFew * 2);
    }

    [Fact]
    public void Validate_ThousandActionsAndPolicies_TakesSeconds()
    {
        var text = new StringBuilder("entity Agent; entity Tool; type Shared = { n: Long };\n");
        var policies = new StringBuilder();
        for (var i = 0; i < 1_000; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"action \"t{i}/x\" appliesTo {{ principal: Agent, resource: Tool, context: Shared }};\n");
            policies.Append(CultureInfo.InvariantCulture, $"permit(principal, action, resource) when {{ context.n < {i} }};\n");
        }

        var schema = CedarSchema.Parse(text.ToString()).GetValueOrThrow();
        var set = PolicySet.Parse(policies.ToString()).GetValueOrThrow();

        var before = Environment.CpuUsage.TotalTime;
        Assert.Empty(schema.Validate(set));
        var spent = Environment.CpuUsage.TotalTime - before;
        output.WriteLine($"{spent.TotalMilliseconds} ms of processor time");
        Assert.InRange(spent, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    private static double Measure(PolicySet policies, CedarRequest request)
    {
        const int Decisions = 200;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Decisions; i++)
        {
            policies.Authorize(request, EntityStore.Empty);
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Decisions;
    }

    private static PolicySet Create(int count)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            text.AppendLine(i < 5
                ? "permit(principal is Agent, action == Action::\"t/x\", resource == Tool::\"t\") when { context.n < 10 };"
                : string.Create(CultureInfo.InvariantCulture, $"permit(principal == Agent::\"a{i}\", action in Action::\"t{i}/*\", resource == Tool::\"t{i}\") when {{ context.n < 10 }};"));
        }

        return PolicySet.Parse(text.ToString()).GetValueOrThrow();
    }
}
