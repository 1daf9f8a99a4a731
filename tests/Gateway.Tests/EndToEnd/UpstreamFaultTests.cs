using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.EndToEnd;

/// <summary>An upstream that fails leaves the agent with a clear answer or a clear break, and the log with one record.</summary>
public sealed class UpstreamFaultTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _secrets = new();
    private readonly WorkloadIssuer _issuer = new();
    private readonly string _secret = Canary.New("static");
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
                    ["plain"] = new { Path = "/plain", Upstream = _upstream.Url, Credential = "key" },
                    ["impatient"] = new { Path = "/impatient", Upstream = _upstream.Url, Credential = "key", Timeout = "00:00:01" },
                    ["down"] = new { Path = "/down", Upstream = $"http://127.0.0.1:{FreePort.Next()}", Credential = "key" },
                    ["unnamed"] = new { Path = "/unnamed", Upstream = "http://upstream.invalid", Credential = "key" },
                },
                Credentials = new Dictionary<string, object>
                {
                    ["key"] = new { Type = "Static", Value = $"file:{_secrets.Write("key", _secret)}", Owner = "tests", NotAfter = "2099-12-31" },
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

    [Theory]
    [InlineData("/down/x")]
    [InlineData("/unnamed/x")]
    public async Task Call_UpstreamDown_Is502(string path)
    {
        using var response = await _gateway.SendAsync(HttpMethod.Get, path, _issuer.Token(), Stop);

        await Problem.AssertAsync(response, HttpStatusCode.BadGateway, "upstream_unreachable", Stop);
        await AssertRecordedAsync(response, 502, "upstream_unreachable");
    }

    [Fact]
    public async Task Call_UpstreamClosesBeforeItAnswers_Is502()
    {
        _upstream.Answer = (_, context) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        using var response = await _gateway.SendAsync(HttpMethod.Get, "/plain/x", _issuer.Token(), Stop);

        await Problem.AssertAsync(response, HttpStatusCode.BadGateway, "upstream_unreachable", Stop);
        await AssertRecordedAsync(response, 502, "upstream_unreachable");
    }

    [Fact]
    public async Task Call_UpstreamSlowerThanTheTimeout_Is504()
    {
        _upstream.Answer = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        var started = Stopwatch.GetTimestamp();

        using var response = await _gateway.SendAsync(HttpMethod.Get, "/impatient/x", _issuer.Token(), Stop);

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(20));
        await Problem.AssertAsync(response, HttpStatusCode.GatewayTimeout, "upstream_timeout", Stop);
        await AssertRecordedAsync(response, 504, "upstream_timeout");
    }

    [Theory]
    [InlineData("/plain/x", true)]
    [InlineData("/plain/x", false)]
    [InlineData("/impatient/x", true)]
    [InlineData("/impatient/x", false)]
    public async Task Call_UpstreamStopsMidBody_BreaksOffInsteadOfEndingWell(string path, bool hasLength)
    {
        // The patient tool's upstream closes the connection, the impatient one's falls silent, both once the agent has read something.
        var begun = new TaskCompletionSource();
        _upstream.Answer = async (request, context) =>
        {
            context.Response.ContentLength = hasLength ? 1000 : null;
            await context.Response.WriteAsync("the first part", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await begun.Task;
            if (path == "/impatient/x")
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }

            context.Abort();
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Gateway-Identity", _issuer.Token());

        using var response = await _gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        begun.SetResult();
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync(Stop));
        Assert.True(failure is HttpRequestException or IOException, failure.ToString());
        var logged = await _gateway.Log.SingleAsync(response.CallId(), Stop);
        Assert.Equal((CallLog.ApiActivity, 200, true), (logged.ClassUid(), logged.Status(), logged.Forwarded()));
        Assert.NotNull(logged.Text("unmapped", "gateway", "detail"));
    }

    [Fact]
    public async Task Call_AgentLeavesMidway_StopsTheUpstreamAndIsRecordedOnce()
    {
        var reached = new TaskCompletionSource();
        var stopped = new TaskCompletionSource();
        _upstream.Answer = async (_, context) =>
        {
            using var registration = context.RequestAborted.Register(stopped.SetResult);
            reached.SetResult();
            await stopped.Task;
        };
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var call = _gateway.SendAsync(HttpMethod.Get, "/plain/x", _issuer.Token(), leave.Token);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        var logged = Assert.Single(await _gateway.Log.WaitForCountAsync(1, Stop));
        Assert.Equal((true, "Allowed", "Error", 499), (logged.Forwarded(), logged.Text("action"), logged.Disposition(), logged.Status()));
    }

    private async Task AssertRecordedAsync(HttpResponseMessage response, int status, string reason)
    {
        var logged = await _gateway.Log.SingleAsync(response.CallId(), Stop);
        Assert.Equal((CallLog.ApiActivity, status, reason), (logged.ClassUid(), logged.Status(), logged.Reason()));
        await Canary.AssertAbsentAsync(_secret, response, Stop);
        Canary.AssertAbsentFrom(_gateway, _secret);

        // The fault was the upstream's: the gateway serves on.
        _upstream.Answer = (_, context) => context.Response.WriteAsync("well", context.RequestAborted);
        using var next = await _gateway.SendAsync(HttpMethod.Get, "/plain/x", _issuer.Token(), Stop);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }
}
