using System.Net.Http.Headers;
using System.Text;
using Gateway.Tests.Telemetry;

namespace Gateway.Tests.EndToEnd;

/// <summary>Traces and metrics as a collector receives them from the real gateway.</summary>
public sealed class OtlpExportTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_VariablesNameACollector_SpansAndMetricsArriveAndNoSecret()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var scene = await TelemetryScene.StartAsync();
        using var folder = new TemporaryFolder();
        var sent = Canary.New("sent");
        var token = scene.Token();
        await using (var gateway = await GatewayProcess.StartAsync(folder, Setup(scene, folder, collector), Stop))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/items/{sent}?q={sent}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            request.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
            request.Headers.Add("baggage", $"a={sent}");
            using var response = await gateway.Client.SendAsync(request, Stop);
            Assert.True(response.IsSuccessStatusCode, gateway.Output);

            await Eventually.TrueAsync(() => Task.FromResult(collector.Text("metrics").Contains("gateway.calls", StringComparison.Ordinal)), () => $"No metrics came:\n{gateway.Output}", Stop);
            Assert.Equal(0, await gateway.StopAsync(Stop));
        }

        var (traces, metrics) = (collector.Text("traces"), collector.Text("metrics"));
        Assert.Contains(Encoding.Latin1.GetString(Convert.FromHexString(Trace)), traces, StringComparison.Ordinal);
        Assert.All(["api/items.get", "identify", "authorize", "acquire", "forward", "gateway.call.id"], name => Assert.Contains(name, traces, StringComparison.Ordinal));
        Assert.All(
            [
                "gateway.calls", "gateway.stage.duration", "gateway.identity.cache.lookups", "gateway.identity.cache.size", "gateway.leases", "gateway.revocations",
                "gateway.journal.pending", "gateway.journal.records", "gateway.dependency.health", "http.server.request.duration",
            ],
            name => Assert.Contains(name, metrics, StringComparison.Ordinal));
        Assert.All([traces, metrics], text =>
        {
            Assert.Contains("the-service", text, StringComparison.Ordinal);
            Assert.Contains("deployment.environment", text, StringComparison.Ordinal);
            Canary.AssertAbsent(sent, text, "What the collector got");
            Canary.AssertAbsent(scene.Key, text, "What the collector got");
            Canary.AssertAbsent(token, text, "What the collector got");
        });
        var forwarded = scene.Upstream.Single;
        Assert.StartsWith($"00-{Trace}-", forwarded.Value("traceparent"), StringComparison.Ordinal);
        Assert.DoesNotContain("b7ad6b7169203331", forwarded.Value("traceparent"), StringComparison.Ordinal);
        Assert.Empty(forwarded.Values("baggage"));
    }

    [Fact]
    public async Task Export_SdkDisabled_NothingIsSentAndTheTraceStaysTheAgents()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var scene = await TelemetryScene.StartAsync();
        using var folder = new TemporaryFolder();
        var parent = $"00-{Trace}-b7ad6b7169203331-01";
        await using (var gateway = await GatewayProcess.StartAsync(folder, Setup(scene, folder, collector, ("OTEL_SDK_DISABLED", "true")), Stop))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/x");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", scene.Token());
            request.Headers.Add("traceparent", parent);
            using var response = await gateway.Client.SendAsync(request, Stop);
            Assert.True(response.IsSuccessStatusCode, gateway.Output);
            Assert.Equal(0, await gateway.StopAsync(Stop));
        }

        Assert.Empty(collector.Requests);
        Assert.Equal(parent, scene.Upstream.Single.Value("traceparent"));
    }

    private static GatewaySetup Setup(TelemetryScene scene, TemporaryFolder folder, OtlpReceiver collector, params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            ["OTEL_SERVICE_NAME"] = "the-service",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment=test",
        };
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        return scene.Setup(folder, environment);
    }
}
