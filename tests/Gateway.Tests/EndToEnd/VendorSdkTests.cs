using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.EndToEnd;

/// <summary>
/// SDKs of real vendors, each with nothing but a base URL and the workload token as its key. What the vendor's API would
/// receive through the gateway is compared with what it receives from the same SDK directly.
/// </summary>
public sealed class VendorSdkTests : IAsyncLifetime
{
    private const string Policies = """
        @id("agent-uses-models")
        permit (principal == Agent::"dev:worker", action, resource)
        unless { action in Action::"delete" || context.request.path == "/v1/models" };
        """;

    /// <summary>These belong to one connection, or are what the gateway is there to replace.</summary>
    private static readonly HashSet<string> PerHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Keep-Alive", "Accept-Encoding", "Authorization", "X-Api-Key", "traceparent", "tracestate",
    };

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _secrets = new();
    private readonly WorkloadIssuer _issuer = new();
    private readonly Dictionary<string, string> _keys = new()
    {
        ["openai"] = Canary.New("openai"),
        ["anthropic"] = Canary.New("anthropic"),
        ["github"] = Canary.New("github"),
    };

    /// <summary>The upstream sends the next piece of a stream when it can take one.</summary>
    private readonly SemaphoreSlim _nextChunk = new(0);

    private RecordingUpstream _upstream = null!;
    private GatewayProcess _gateway = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string[]> Sdks => new()
    {
        { "openai", "openai.mjs", ["create"] },
        { "anthropic", "anthropic.mjs", ["create"] },
        { "github", "octokit.mjs", ["create", "read"] },
    };

    public async ValueTask InitializeAsync()
    {
        Repository.RequireNodeModules();
        _upstream = await RecordingUpstream.StartAsync();
        _upstream.Answer = AnswerAsVendorAsync;
        object Tool(string name) => new { Path = $"/{name}", Upstream = _upstream.Url, Credential = name };
        object Static(string value, string header, string template) => new
        {
            Type = "Static",
            Value = value,
            Owner = "platform team",
            NotAfter = "2099-12-31",
            Inject = new[] { new { Header = header, Value = template } },
        };

        _gateway = await GatewayProcess.StartAsync(
            _folder,
            new GatewaySetup
            {
                Identity = _issuer.Configure(_folder),
                Tools = new Dictionary<string, object> { ["openai"] = Tool("openai"), ["anthropic"] = Tool("anthropic"), ["github"] = Tool("github") },
                Credentials = new Dictionary<string, object>
                {
                    ["openai"] = Static($"file:{_secrets.Write("openai", _keys["openai"])}", "Authorization", "Bearer {value}"),
                    ["anthropic"] = Static("env:TEST_ANTHROPIC_KEY", "X-Api-Key", "{value}"),
                    ["github"] = Static($"file:{_secrets.Write("github", _keys["github"])}", "Authorization", "token {value}"),
                },
                Policies = Policies,
                Environment = new Dictionary<string, string> { ["TEST_ANTHROPIC_KEY"] = _keys["anthropic"] },
            },
            Stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        if (_upstream is not null)
        {
            await _upstream.DisposeAsync();
        }

        _nextChunk.Dispose();
        _issuer.Dispose();
        _secrets.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Sdks))]
    public async Task Sdk_BaseUrlAndWorkloadTokenAlone_UpstreamSeesWhatItWouldDirectly(string tool, string script, string[] calls)
    {
        var direct = await RunAsync(script, _upstream.Url, "the-sdk's-own-key", calls);
        var expected = _upstream.Requests.ToArray();
        _upstream.Clear();

        var token = _issuer.Token();
        var through = await RunAsync(script, $"{_gateway.Agents}{tool}", token, calls);
        var actual = _upstream.Requests.ToArray();

        Assert.Equal(direct, through);
        Assert.All(through, line => Assert.DoesNotContain("\"error\"", line, StringComparison.Ordinal));
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (wanted, got) in expected.Zip(actual))
        {
            Assert.Equal((wanted.Method, wanted.Target), (got.Method, got.Target));
            Assert.Equal(wanted.Body, got.Body);
            Assert.Equal(EndToEndHeaders(wanted), EndToEndHeaders(got));
            AssertInjectedOnly(tool, got, token);
        }

        Assert.All(_keys.Values.Where(k => k != _keys["anthropic"]), key => Canary.AssertAbsentFrom(_gateway, key));
        Canary.AssertAbsent(_keys["anthropic"], _gateway.Output, "The gateway's output");
        Canary.AssertAbsentFromFolder(_keys["anthropic"], _folder.Path);
    }

    [Theory]
    [InlineData("openai", "openai.mjs")]
    [InlineData("anthropic", "anthropic.mjs")]
    public async Task Sdk_Streaming_GetsEachPieceBeforeTheNextIsSent(string tool, string script)
    {
        var token = _issuer.Token();
        await using var sdk = StartSdk(script, $"{_gateway.Agents}{tool}", token, "stream");

        // The upstream holds the next piece back until the last one has arrived: a gateway that collects pieces stops here.
        for (var i = 0; i < VendorAnswers.Chunks.Length; i++)
        {
            _nextChunk.Release();
            var arrived = await sdk.ReadAsync(Stop);
            Assert.Equal(VendorAnswers.Chunks[i], arrived.Text("chunk"));
        }

        _nextChunk.Release();
        Assert.Equal("stream", (await sdk.ReadAsync(Stop)).Text("call"));
        Assert.Equal(0, await sdk.WaitForExitAsync(Stop));
        AssertInjectedOnly(tool, _upstream.Single, token);
    }

    [Theory]
    [InlineData("openai", "openai.mjs", "PermissionDeniedError", "DELETE")]
    [InlineData("anthropic", "anthropic.mjs", "PermissionDeniedError", "GET")]
    [InlineData("github", "octokit.mjs", "RequestError", "DELETE")]
    public async Task Sdk_PolicyDenies_ReportsItsOwnErrorWithStatusAndCall(string tool, string script, string error, string method)
    {
        await using var sdk = StartSdk(script, $"{_gateway.Agents}{tool}", _issuer.Token(), "denied");
        var failure = (await sdk.ReadAsync(Stop)).GetProperty("error");
        Assert.Equal(0, await sdk.WaitForExitAsync(Stop));

        Assert.Equal(error, failure.Text("type"));
        Assert.Equal(403, failure.GetProperty("status").GetInt32());
        Assert.Empty(_upstream.Requests);

        // One record: an SDK does not repeat what a 403 refused.
        var logged = Assert.Single(await _gateway.Log.WaitForCountAsync(1, Stop));
        Assert.Contains($"\"{failure.Text("gatewayCall")}\"", logged.GetRawText(), StringComparison.Ordinal);
        Assert.Equal((tool, method, "policy_denied"), (logged.Tool(), logged.Operation(), logged.Reason()));
    }

    private static string[] EndToEndHeaders(RecordedRequest request) =>
        [.. request.Headers.Where(h => !PerHop.Contains(h.Key)).Select(h => $"{h.Key}: {h.Value}").Order(StringComparer.OrdinalIgnoreCase)];

    private static NodeScript StartSdk(string script, string baseUrl, string apiKey, params string[] calls) =>
        NodeScript.Start(script, new Dictionary<string, string> { ["BASE_URL"] = baseUrl, ["API_KEY"] = apiKey }, calls);

    private static async Task<string[]> RunAsync(string script, string baseUrl, string apiKey, string[] calls)
    {
        await using var sdk = StartSdk(script, baseUrl, apiKey, calls);
        var lines = new List<string>();
        foreach (var _ in calls)
        {
            lines.Add((await sdk.ReadAsync(Stop)).GetRawText());
        }

        Assert.Equal(0, await sdk.WaitForExitAsync(Stop));
        return [.. lines];
    }

    private void AssertInjectedOnly(string tool, RecordedRequest request, string token)
    {
        var (header, value) = tool switch
        {
            "openai" => ("Authorization", $"Bearer {_keys[tool]}"),
            "anthropic" => ("X-Api-Key", _keys[tool]),
            _ => ("Authorization", $"token {_keys[tool]}"),
        };
        Assert.Equal(value, request.Value(header));
        Assert.Empty(request.Values(header == "Authorization" ? "X-Api-Key" : "Authorization"));
        Assert.DoesNotContain(token, request.ToString(), StringComparison.Ordinal);
    }

    private async Task AnswerAsVendorAsync(RecordedRequest request, HttpContext context)
    {
        if (VendorAnswers.IsStream(request))
        {
            await VendorAnswers.StreamAsync(request, context, _nextChunk);
            return;
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(VendorAnswers.Json(request), context.RequestAborted);
    }
}
