using System.Diagnostics;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Telemetry;

public sealed class CallSpansTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Parent = $"00-{Trace}-b7ad6b7169203331-01";

    [Fact]
    public async Task Call_Permitted_HasASpanForEachStageUnderOneThatContinuesTheAgents()
    {
        using var spans = new CapturedSpans();
        await using var scene = await TelemetryScene.StartAsync();

        using var response = await scene.GetAsync("/api/items/42?secret=1", ("traceparent", Parent), ("tracestate", "vendor=x"));

        var server = await spans.ServerAsync(response.CallId());
        Assert.Equal((Trace, "b7ad6b7169203331", "api/items.get"), (server.TraceId.ToHexString(), server.ParentSpanId.ToHexString(), server.DisplayName));
        Assert.Equal(["identify", "authorize", "acquire", "journal", "forward"], spans.Below(server).Select(span => span.OperationName));
        Assert.Equal(("api", "items.get", 200), (server.GetTagItem("gateway.tool.name"), server.GetTagItem("gateway.operation.name"), server.GetTagItem("http.response.status_code")));

        var forward = spans.Below(server)[^1];
        Assert.Equal(ActivityKind.Client, forward.Kind);
        Assert.Equal(("127.0.0.1", 200, "GET"), (forward.GetTagItem("server.address"), forward.GetTagItem("http.response.status_code"), forward.GetTagItem("http.request.method")));
        Assert.Equal($"00-{Trace}-{forward.SpanId}-01", scene.Upstream.Single.Value("traceparent"));
        Assert.Equal("vendor=x", scene.Upstream.Single.Value("tracestate"));
    }

    [Fact]
    public async Task Call_AnyTag_HoldsNothingOfWhatTheAgentSent()
    {
        using var spans = new CapturedSpans();
        await using var scene = await TelemetryScene.StartAsync();
        var secret = Canary.New("sent");

        using var response = await scene.GetAsync($"/api/items/{secret}?q={secret}", ("traceparent", Parent), ("baggage", $"a={secret}"), ("User-Agent", secret), ("X-Any", secret));

        var server = await spans.ServerAsync(response.CallId());
        foreach (var span in spans.Below(server).Append(server))
        {
            Canary.AssertAbsent(secret, $"{span.DisplayName} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Baggage)} {span.StatusDescription}", span.OperationName);
        }

        Assert.Empty(server.Baggage);
        Assert.Empty(scene.Upstream.Single.Values("baggage"));
    }

    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01")]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("|0af7651916cd43dd.1.")]
    [InlineData("secret words")]
    public async Task Call_MalformedParent_StartsANewTrace(string parent)
    {
        using var spans = new CapturedSpans();
        await using var scene = await TelemetryScene.StartAsync();

        using var response = await scene.GetAsync("/api/x", ("traceparent", parent), ("tracestate", "vendor=x"));

        var server = await spans.ServerAsync(response.CallId());
        Assert.Equal(default, server.ParentSpanId);
        Assert.Null(server.ParentId);
        Assert.NotEqual(default, server.TraceId);
        Assert.NotEqual(Trace, server.TraceId.ToHexString());
        Assert.StartsWith($"00-{server.TraceId}-", scene.Upstream.Single.Value("traceparent"), StringComparison.Ordinal);
        Assert.Empty(scene.Upstream.Single.Values("tracestate"));
    }

    [Fact]
    public async Task Call_Denied_EndsWithTheStageThatRefusedAndIsNoError()
    {
        using var spans = new CapturedSpans();
        await using var scene = await TelemetryScene.StartAsync();

        using var response = await scene.GetAsync("/api/denied");

        var server = await spans.ServerAsync(response.CallId());
        var last = spans.Below(server)[^1];
        Assert.Equal(("authorize", "deny", "policy_denied"), (last.OperationName, last.GetTagItem("gateway.decision"), last.GetTagItem("gateway.reason")));
        Assert.Equal(("policy_denied", ActivityStatusCode.Unset, "GET /api"), (server.GetTagItem("gateway.reason"), server.Status, server.DisplayName));
    }

    [Fact]
    public async Task Call_UpstreamFails_IsAnErrorOfForward()
    {
        using var spans = new CapturedSpans();
        await using var scene = await TelemetryScene.StartAsync();
        scene.Upstream.Answer = (_, context) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        using var response = await scene.GetAsync("/api/x");

        var server = await spans.ServerAsync(response.CallId());
        var forward = spans.Below(server)[^1];
        Assert.Equal((ActivityStatusCode.Error, "upstream_unreachable"), (forward.Status, forward.GetTagItem("error.type")));
        Assert.Equal((ActivityStatusCode.Error, 502), (server.Status, server.GetTagItem("http.response.status_code")));
    }

    [Fact]
    public async Task Call_ToolThatIsNotToldOfTraces_SendsNone()
    {
        using var spans = new CapturedSpans();
        await using var scene = await TelemetryScene.StartAsync();

        using var response = await scene.GetAsync("/quiet/x", ("traceparent", Parent), ("tracestate", "vendor=x"));

        Assert.Equal(Trace, (await spans.ServerAsync(response.CallId())).TraceId.ToHexString());
        Assert.Empty(scene.Upstream.Single.Values("traceparent"));
        Assert.Empty(scene.Upstream.Single.Values("tracestate"));
    }
}
