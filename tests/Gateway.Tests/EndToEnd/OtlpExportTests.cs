using System.Net.Http.Headers;
using System.Text;
using Gateway.Tests.Telemetry;

namespace Gateway.Tests.EndToEnd;

/// <summary>Traces and metrics as a collector receives them from the real gateway.</summary>
public sealed class OtlpExportTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task Export_VariablesNameACollector_LogsSpansAndMetricsArriveAndNoSecret(string protocol)
    {
        await using var collector = await OtlpReceiver.StartAsync(isGrpc: protocol == "grpc");
        await using var scene = await TelemetryScene.StartAsync();
        using var folder = new TemporaryFolder();
        var sent = Canary.New("sent");
        var token = scene.Token();
        var key = Canary.New("header");
        var setup = Setup(scene, folder, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol), ("OTEL_EXPORTER_OTLP_HEADERS", $"api-key={key}")) with
        {
            Audit = new { Directory = "audit", Otlp = true },
        };
        await using (var gateway = await GatewayProcess.StartAsync(folder, setup, Stop))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/items/{sent}?q={sent}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            request.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
            request.Headers.Add("baggage", $"a={sent}");
            using var response = await gateway.Client.SendAsync(request, Stop);
            Assert.True(response.IsSuccessStatusCode, gateway.Output);

            await Eventually.TrueAsync(() => Task.FromResult(collector.Text("metrics").Contains("gateway.calls", StringComparison.Ordinal)), () => $"No metrics came:\n{gateway.Output}", Stop);
            await gateway.WaitForReadinessAsync("sink:otlp", "healthy", Stop);
            Assert.Equal(0, await gateway.StopAsync(Stop));
            Canary.AssertAbsent(key, gateway.Output, "The gateway's output at Trace");
            var lines = gateway.Log.ReadLines().Select(line => line.GetRawText()).ToList();
            Assert.Contains(lines, line => line.Contains("items.get", StringComparison.Ordinal));
            Assert.NotEmpty(collector.Lines);
            Assert.Equal(lines.Take(collector.Lines.Count), collector.Lines);
            Assert.Contains(collector.Lines, line => line.Contains("items.get", StringComparison.Ordinal));
        }

        Assert.All((string[])["logs", "traces", "metrics"], signal => Assert.Equal([key], collector.Headers(signal, "api-key")));
        var (traces, metrics) = (collector.Text("traces"), collector.Text("metrics"));
        Assert.Contains(Encoding.Latin1.GetString(Convert.FromHexString(Trace)), traces, StringComparison.Ordinal);
        Assert.All(["api/items.get", "identify", "authorize", "acquire", "forward", "gateway.call.id"], name => Assert.Contains(name, traces, StringComparison.Ordinal));
        Assert.All(
            [
                "gateway.calls", "gateway.stage.duration", "gateway.identity.cache.lookups", "gateway.identity.cache.size", "gateway.leases", "gateway.revocations",
                "gateway.journal.pending", "gateway.journal.lag", "gateway.journal.records", "gateway.dependency.health", "http.server.request.duration",
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
    public async Task Export_SignalsWithVariablesOfTheirOwn_GoTheirOwnWays()
    {
        await using var grpc = await OtlpReceiver.StartAsync(isGrpc: true);
        await using var http = await OtlpReceiver.StartAsync();
        await using var scene = await TelemetryScene.StartAsync();
        using var folder = new TemporaryFolder();
        var setup = Setup(
            scene,
            folder,
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", grpc.Url),
            ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "grpc"),
            ("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "gzip"),
            ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", $"{http.Url}/v1/metrics"),
            ("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "api-key=of-metrics"));
        await using (var gateway = await GatewayProcess.StartAsync(folder, setup, Stop))
        {
            using var response = await gateway.SendAsync(HttpMethod.Get, "/api/items/1", scene.Token(), Stop);
            Assert.True(response.IsSuccessStatusCode, gateway.Output);
            Assert.Equal(0, await gateway.StopAsync(Stop));
        }

        Assert.Contains("api/items.get", grpc.Text("traces"), StringComparison.Ordinal);
        Assert.Contains("gateway.calls", http.Text("metrics"), StringComparison.Ordinal);
        Assert.Equal(["of-metrics"], http.Headers("metrics", "api-key"));
        Assert.Equal([null], grpc.Headers("traces", "api-key"));
        Assert.Single(grpc.Targets.Distinct());
        Assert.Single(http.Targets.Distinct());
    }

    [Fact]
    public async Task Export_SdkDisabled_NothingIsSentAndTheTraceStaysTheAgents()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var scene = await TelemetryScene.StartAsync();
        using var folder = new TemporaryFolder();
        var parent = $"00-{Trace}-b7ad6b7169203331-01";
        await using (var gateway = await GatewayProcess.StartAsync(folder, Setup(scene, folder, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url), ("OTEL_SDK_DISABLED", "true")), Stop))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/x");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", scene.Token());
            request.Headers.Add("traceparent", parent);
            using var response = await gateway.Client.SendAsync(request, Stop);
            Assert.True(response.IsSuccessStatusCode, gateway.Output);
            Assert.Equal(0, await gateway.StopAsync(Stop));
        }

        Assert.Empty(collector.Targets);
        Assert.Equal(parent, scene.Upstream.Single.Value("traceparent"));
    }

    private static GatewaySetup Setup(TelemetryScene scene, TemporaryFolder folder, params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string>
        {
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
