using System.Net;
using System.Text.Json;

namespace Gateway.Tests.EndToEnd;

/// <summary>What somebody should look at is in the call log as an alert, beside the call that it is about.</summary>
public sealed class AlertTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _secrets = new();
    private readonly WorkloadIssuer _issuer = new();
    private RecordingUpstream _upstream = null!;
    private GatewayProcess _gateway = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _upstream = await RecordingUpstream.StartAsync();
        _gateway = await GatewayProcess.StartAsync(
            _folder,
            new GatewaySetup
            {
                Identity = _issuer.Configure(_folder),
                Tools = new Dictionary<string, object>
                {
                    ["api"] = new { Path = "/api", Upstream = _upstream.Url, Credential = "key", LoggedQuery = new[] { "page" }, LoggedHeaders = new[] { "X-Request-Reason" } },
                    ["payroll"] = new { Path = "/payroll", Upstream = _upstream.Url, Credential = "key", Canary = true },
                },
                Credentials = new Dictionary<string, object>
                {
                    ["key"] = new { Type = "Static", Value = $"file:{_secrets.Write("key", Canary.New("static"))}", Owner = "tests", NotAfter = "2099-12-31" },
                },
                Policies = """@id("all") permit (principal, action, resource);""",
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

        _issuer.Dispose();
        _secrets.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Call_CanaryAndForgedToken_AreAlertedOnceEach()
    {
        for (var i = 0; i < 3; i++)
        {
            using var touched = await _gateway.SendAsync(HttpMethod.Get, "/payroll/salaries", _issuer.Token(), Stop);
            Assert.Equal(HttpStatusCode.OK, touched.StatusCode);
            var token = _issuer.Token();
            var at = token.LastIndexOf('.') + 10;
            using var forged = await _gateway.SendAsync(HttpMethod.Get, "/api/x", token[..at] + (token[at] == 'A' ? 'B' : 'A') + token[(at + 1)..], Stop);
            Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode);
        }

        await Eventually.TrueAsync(() => Task.FromResult(Alerts().Count >= 2), () => _gateway.Output, Stop);
        Assert.Equal(["canary_touched", "forged_identity"], Alerts().Select(alert => alert.GetProperty("unmapped").GetProperty("gateway").GetProperty("alert").GetString()).Order());
        var canary = Alerts().Single(alert => alert.GetProperty("severity_id").GetInt32() == 5);
        Assert.Equal("payroll", canary.GetProperty("resources")[0].GetProperty("name").GetString());
        Assert.Equal("dev:worker", canary.GetProperty("evidences")[0].GetProperty("actor").GetProperty("app_uid").GetString());
    }

    [Fact]
    public async Task Call_FieldsOptedIn_AreLoggedAndNoOthers()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_gateway.Agents, "/api/items?page=2&other=unseen"));
        request.Headers.Add("Gateway-Identity", _issuer.Token());
        request.Headers.Add("X-Request-Reason", "quarterly \"report\"");
        request.Headers.Add("X-Other", "unseen");
        using var response = await _gateway.Client.SendAsync(request, Stop);

        var logged = await _gateway.Log.SingleAsync(response.Headers.GetValues("Gateway-Call").Single(), Stop);
        var http = logged.GetProperty("http_request");
        Assert.Equal("page=2", http.GetProperty("url").GetProperty("query_string").GetString());
        Assert.Equal("quarterly \"report\"", http.GetProperty("http_headers")[0].GetProperty("value").GetString());
        Assert.DoesNotContain("unseen", logged.GetRawText(), StringComparison.Ordinal);
        Assert.NotEqual("", logged.GetProperty("metadata").GetProperty("reporter").GetProperty("name").GetString());
    }

    private List<JsonElement> Alerts() => [.. _gateway.Log.ReadLines().Where(e => e.GetProperty("class_uid").GetInt32() == 2004)];
}
