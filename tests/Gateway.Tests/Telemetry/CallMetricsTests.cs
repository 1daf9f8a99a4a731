using System.Diagnostics.Metrics;
using Gateway.Telemetry;
using Gateway.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Telemetry;

public sealed class CallMetricsTests
{
    [Fact]
    public async Task Calls_OfEveryKind_AreCountedByToolDecisionAndReason()
    {
        await using var scene = await TelemetryScene.StartAsync();
        using var measured = new CapturedMeasurements(scene.Gateway.Services.GetRequiredService<IMeterFactory>());

        foreach (var path in (string[])["/api/x", "/api/denied", "/unknown-1/x", "/unknown-2/x"])
        {
            using var response = await scene.GetAsync(path);
        }

        using var anonymous = await scene.Gateway.Client.GetAsync("/api/x", TestContext.Current.CancellationToken);
        var calls = await measured.WaitAsync("gateway.calls", 5);
        Assert.Equal(
            ["allow api", "deny policy_denied api", "none tool_unknown _OTHER", "none tool_unknown _OTHER", "none identity_missing _OTHER"],
            calls.Select(call => call.Labels));
        Assert.All(calls, call => Assert.Equal(1, call.Value));
    }

    [Fact]
    public async Task Stages_OfACall_AreTimedByTheirName()
    {
        await using var scene = await TelemetryScene.StartAsync();
        using var measured = new CapturedMeasurements(scene.Gateway.Services.GetRequiredService<IMeterFactory>());

        using var response = await scene.GetAsync("/api/x");

        var stages = await measured.WaitAsync("gateway.stage.duration", 8);
        Assert.Equal(["identify", "agent_api", "route", "task", "authorize", "acquire", "journal", "forward"], stages.Select(stage => stage.Labels));
        Assert.All(stages, stage => Assert.InRange(stage.Value, 0, 60));
    }

    [Fact]
    public async Task State_AfterACall_IsThereToObserve()
    {
        await using var scene = await TelemetryScene.StartAsync();
        using var measured = new CapturedMeasurements(scene.Gateway.Services.GetRequiredService<IMeterFactory>());
        var token = scene.Token();
        for (var i = 0; i < 2; i++)
        {
            using var response = await scene.Gateway.GetAsync("/api/x", token);
            Assert.True(response.IsSuccessStatusCode);
        }

        Assert.Equal(["miss", "hit"], measured.Of("gateway.identity.cache.lookups").Select(m => m.Labels));
        Assert.Equal(1, Assert.Single(measured.Observe("gateway.identity.cache.size")).Value);
        Assert.Equal(1, Assert.Single(measured.Observe("gateway.leases")).Value);
        Assert.Equal(["owed 0", "stuck 0"], measured.Observe("gateway.revocations").Select(m => $"{m.Labels} {m.Value}"));
        await Eventually.TrueAsync(
            () => Task.FromResult(measured.Observe("gateway.journal.pending") is [{ Value: 0 }] && measured.Observe("gateway.journal.records") is [{ Value: >= 2 }]),
            () => "The journal does not show two written records.",
            TestContext.Current.CancellationToken);
        Assert.InRange(Assert.Single(measured.Observe("gateway.journal.lag")).Value, 0, 60);
        Assert.Equal(["issuer dev 1", "state state 1", "journal audit 1"], measured.Observe("gateway.dependency.health").Select(m => $"{m.Labels} {m.Value}"));
    }

    [Fact]
    public void Called_TenThousandTools_LabelsStayFew()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var metrics = new CallMetrics(meters);
        using var measured = new CapturedMeasurements(meters);

        Parallel.For(0, 10_000, i => metrics.Called($"tool-{i}", "allow", null));
        metrics.Called("late", "allow", null);

        var labels = measured.Of("gateway.calls").Select(call => call.Labels).ToArray();
        Assert.Equal(10_001, labels.Length);
        Assert.InRange(labels.Distinct().Count(), 2, ToolLabels.Capacity + 1);
        Assert.Equal("allow _OTHER", labels[^1]);
    }

    [Fact]
    public void Enabled_NobodyListens_IsFalse()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var metrics = new CallMetrics(services.GetRequiredService<IMeterFactory>());

        Assert.False(metrics.CountsCalls);
        Assert.False(metrics.TimesStages);
    }
}
