using System.Text;

namespace Gateway.Tests.EndToEnd;

/// <summary>Whatever happens to receivers and to the gateway, each receiver has what is in the files.</summary>
public sealed class DeliveryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sinks_Calls_ReachEveryReceiverWithoutASecret()
    {
        await using var scene = await DeliveryScene.StartAsync();
        await scene.CallAsync(TimeSpan.FromSeconds(1));
        await scene.AssertDeliveredAsync();
        foreach (var sink in (string[])["sink:otlp", "sink:webhook", "sink:syslog"])
        {
            await scene.Gateway.WaitForReadinessAsync(sink, "healthy", Stop);
            var entry = (await scene.Gateway.ReadinessAsync(Stop)).GetProperty("entries").GetProperty(sink);
            Assert.True(long.Parse(entry.GetProperty("members").GetProperty("delivered").GetString()!) > 4);
        }

        var requests = scene.Requests.ToList();
        Assert.All(requests.Where(r => r.Target == "POST /in"), r => Assert.Equal($"Bearer {scene.Keys[1]}", r.Headers["Authorization"]));
        Assert.All(requests.Where(r => r.Target == "POST /v1/logs"), r => Assert.Equal(scene.Keys[2], r.Headers["api-key"]));
        Assert.Equal(["POST /in", "POST /v1/logs"], requests.Select(r => r.Target).Distinct().Order());
        Assert.Contains(requests, r => r.Text.Contains("gateway-under-test", StringComparison.Ordinal));
        await scene.Gateway.StopAsync(Stop);
        foreach (var key in scene.Keys)
        {
            Assert.All(requests, r => Canary.AssertAbsent(key, Encoding.Latin1.GetString(r.Body), "A request to a receiver"));
            Assert.All(scene.Received["syslog"], message => Canary.AssertAbsent(key, message, "A message"));
            Canary.AssertAbsent(key, scene.Gateway.Output, "The gateway's output at Trace");
            Canary.AssertAbsentFromFolder(key, scene.Folder.Path);
        }
    }

    [Fact]
    public async Task Gateway_KilledWhileItDelivers_LosesNothing()
    {
        await using var scene = await DeliveryScene.StartAsync();
        for (var kill = 0; kill < 4; kill++)
        {
            var before = scene.Answered;
            var calls = scene.CallAsync(TimeSpan.FromMinutes(1));
            await Eventually.TrueAsync(() => Task.FromResult(scene.Answered > before + 20), () => $"{scene.Answered - before} calls were answered.\n{scene.Gateway.Output}", Stop);
            await Task.Delay(Random.Shared.Next(500), Stop);
            await scene.KillGatewayAsync();
            await calls;
            await scene.StartGatewayAsync();
        }

        await scene.CallAsync(TimeSpan.FromMilliseconds(300));
        await scene.AssertDeliveredAsync();
    }

    [Fact]
    public async Task Receivers_DownForHalfAMinuteUnderLoad_GetEverythingAfterwardsInOrder()
    {
        await using var scene = await DeliveryScene.StartAsync();
        await scene.CallAsync(TimeSpan.FromSeconds(1));
        await scene.StopReceiversAsync();
        await scene.CallAsync(TimeSpan.FromSeconds(30));
        foreach (var sink in (string[])["sink:otlp", "sink:webhook", "sink:syslog"])
        {
            await scene.Gateway.WaitForReadinessAsync(sink, "degraded", Stop);
        }

        await scene.StartReceiversAsync();
        await scene.CallAsync(TimeSpan.FromSeconds(1));
        await scene.AssertDeliveredAsync();
    }

    [Fact]
    public async Task Reload_ChangedSink_NeedsARestart()
    {
        await using var scene = await DeliveryScene.StartAsync();
        var configuration = await File.ReadAllTextAsync(scene.Folder.Combine("gateway.json"), Stop);

        scene.Folder.Write("gateway.json", configuration.Replace("/in\"", "/elsewhere\"", StringComparison.Ordinal));

        await scene.Gateway.WaitForReadinessAsync("configuration", "degraded", Stop);
        await Eventually.TrueAsync(
            () => Task.FromResult(scene.Gateway.Output.Contains("Gateway:Audit takes effect after a restart", StringComparison.Ordinal)), () => scene.Gateway.Output, Stop);
    }
}
