using System.Net;
using System.Runtime.Versioning;
using Gateway.Configuration;
using Gateway.Tests.EndToEnd;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Sidecar;

[UnsupportedOSPlatform("windows")]
public sealed class SidecarForwarderTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private RecordingUpstream _gateway = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _gateway = await RecordingUpstream.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Request_WithIdentitiesOfItsOwn_CarriesTheWorkloadsAlone()
    {
        var token = RunningSidecar.Token("workload");
        await using var sidecar = await RunningSidecar.StartAsync(RunningSidecar.To(_gateway.Url, _folder.Write("token", $"{token}\n")));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/tool/items") { Content = new StringContent("body") };
        var foreign = RunningSidecar.Token("foreign");
        foreach (var (name, value) in new[]
        {
            ("Gateway-Identity", foreign), ("Authorization", $"Bearer {foreign}"), ("Proxy-Authorization", $"Bearer {foreign}"), ("X-Api-Key", foreign),
            ("DPoP", foreign), ("Workload-Identity-Token", foreign), ("X-Forwarded-For", "192.0.2.1"),
        })
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        request.Headers.Add("Gateway-Task", "task-1");
        request.Headers.Add("Gateway-Intent", "to test");

        using var response = await sidecar.Client.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var seen = _gateway.Single;
        Assert.Equal(token, seen.Value("Gateway-Identity"));
        Assert.Equal(("task-1", "to test", "body"), (seen.Value("Gateway-Task"), seen.Value("Gateway-Intent"), System.Text.Encoding.UTF8.GetString(seen.Body)));
        Assert.Equal(new Uri(_gateway.Url).Authority, seen.Value("Host"));
        Assert.DoesNotContain(foreign, seen.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2.1", seen.ToString(), StringComparison.Ordinal);
        Canary.AssertAbsent(token, sidecar.Logs.ToString(), "The log");
    }

    [Theory]
    [InlineData("/tool/a%2e%2e/%7Eb/%2f?x=%zz&y=1+2")]
    [InlineData("/tool/../x//y/./z")]
    [InlineData("/tool/a\\b;c=d")]
    [InlineData("/")]
    public async Task Request_AnyTarget_IsForwardedByteForByte(string target)
    {
        var settings = RunningSidecar.To(_gateway.Url, _folder.Write("token", RunningSidecar.Token("a")));
        await using var sidecar = await RunningSidecar.StartAsync(settings);

        var response = await RawHttp.SendAsync(sidecar.Client.BaseAddress!, $"GET {target} HTTP/1.1\r\nHost: localhost:{settings.Listen.Port}\r\n\r\n", Stop);

        Assert.Equal(200, response.Status);
        Assert.Equal(target, _gateway.Single.Target);
    }

    [Fact]
    public async Task Response_OfTheGateway_PassesAsItIs()
    {
        _gateway.Answer = (_, context) =>
        {
            context.Response.StatusCode = 403;
            context.Response.ContentType = "application/problem+json";
            context.Response.Headers["Gateway-Call"] = "call-1";
            return context.Response.WriteAsync("{\"reason\":\"policy_denied\"}");
        };
        await using var sidecar = await RunningSidecar.StartAsync(RunningSidecar.To(_gateway.Url, _folder.Write("token", RunningSidecar.Token("a"))));

        using var response = await sidecar.Client.GetAsync("/tool", Stop);

        Assert.Equal((HttpStatusCode.Forbidden, "call-1"), (response.StatusCode, response.CallId()));
        Assert.Equal("{\"reason\":\"policy_denied\"}", await response.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task Response_Streaming_ArrivesPieceByPiece()
    {
        var firstWasRead = new TaskCompletionSource();
        _gateway.Answer = async (_, context) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: 1\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await firstWasRead.Task.WaitAsync(TimeSpan.FromSeconds(30), context.RequestAborted);
            await context.Response.WriteAsync("data: 2\n\n", context.RequestAborted);
        };
        await using var sidecar = await RunningSidecar.StartAsync(RunningSidecar.To(_gateway.Url, _folder.Write("token", RunningSidecar.Token("a"))));

        using var response = await sidecar.Client.GetAsync("/tool", HttpCompletionOption.ResponseHeadersRead, Stop);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Stop));

        Assert.Equal("data: 1", await reader.ReadLineAsync(Stop));
        firstWasRead.SetResult();
        Assert.Equal("\ndata: 2\n\n", await reader.ReadToEndAsync(Stop));
    }

    [Fact]
    public async Task Request_Streaming_ArrivesPieceByPiece()
    {
        var arrived = new TaskCompletionSource();
        await using var receiver = await StreamReceiver.StartAsync(arrived);
        await using var sidecar = await RunningSidecar.StartAsync(RunningSidecar.To(receiver.Url, _folder.Write("token", RunningSidecar.Token("a"))));

        // The second half is written only when the first has come out at the other end.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/tool") { Content = new HalvesContent(arrived.Task) };
        using var response = await sidecar.Client.SendAsync(request, Stop);

        Assert.Equal("firstsecond", await response.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task Request_AbortedByTheAgent_IsAbortedAtTheGateway()
    {
        var reached = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        _gateway.Answer = async (_, context) =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            reached.SetResult();
            await aborted.Task;
        };
        await using var sidecar = await RunningSidecar.StartAsync(RunningSidecar.To(_gateway.Url, _folder.Write("token", RunningSidecar.Token("a"))));
        using var agent = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var call = sidecar.Client.GetAsync("/tool", agent.Token);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);

        await agent.CancelAsync();

        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Gateway_NotThere_IsSaidInWords()
    {
        var token = RunningSidecar.Token("a");
        await using var sidecar = await RunningSidecar.StartAsync(RunningSidecar.To($"http://127.0.0.1:{FreePort.Next()}", _folder.Write("token", token)));

        using var response = await sidecar.Client.GetAsync("/tool", Stop);

        await AssertProblemAsync(response, HttpStatusCode.BadGateway, "gateway_unreachable");
        Canary.AssertAbsent(token, sidecar.Logs.ToString(), "The log");
    }

    [Fact]
    public async Task Gateway_Silent_IsGivenUp()
    {
        var end = new TaskCompletionSource();
        _gateway.Answer = (_, _) => end.Task;
        await using var sidecar = await RunningSidecar.StartAsync(
            RunningSidecar.To(_gateway.Url, _folder.Write("token", RunningSidecar.Token("a"))) with { Timeout = TimeSpan.FromMilliseconds(200) });

        using var response = await sidecar.Client.GetAsync("/tool", Stop);

        await AssertProblemAsync(response, HttpStatusCode.GatewayTimeout, "gateway_timeout");
        end.SetResult();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIG\n-----END PRIVATE KEY-----\n")]
    [InlineData("eyJhbGciOiJub25lIn0.a.b\nX-Other: 1")]
    [InlineData("eyJhbGciOiJub25lIn0.a")]
    [InlineData("eyJhbGciOiJub25lIn0..b")]
    [InlineData("opaque.token.text")]
    public async Task TokenFile_NotAToken_IsNotSentUntilThereIsOne(string? content)
    {
        if (content is not null)
        {
            _folder.Write("token", content);
        }

        await using var sidecar = await RunningSidecar.StartAsync(RunningSidecar.To(_gateway.Url, _folder.Combine("token")));

        using (var refused = await sidecar.Client.GetAsync("/tool", Stop))
        {
            await AssertProblemAsync(refused, HttpStatusCode.ServiceUnavailable, "identity_unavailable");
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Empty(_gateway.Requests);
        }

        var token = RunningSidecar.Token("late");
        _folder.Write("token", token);
        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await sidecar.Client.GetAsync("/tool", Stop);
                return response.IsSuccessStatusCode;
            },
            () => "The token file was not read.",
            Stop);
        Assert.Equal(token, _gateway.Requests.Last().Value("Gateway-Identity"));
    }

    [Fact]
    public async Task TokenFile_RotatedUnderLoad_LosesNoRequest()
    {
        string[] tokens = [.. Enumerable.Range(0, 4).Select(i => RunningSidecar.Token($"rotation-{i}"))];
        await using var sidecar = await RunningSidecar.StartAsync(RunningSidecar.To(_gateway.Url, _folder.Write("token", tokens[0])));
        using var done = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(async _ =>
        {
            var failed = 0;
            while (!done.IsCancellationRequested)
            {
                using var response = await sidecar.Client.GetAsync("/tool", Stop);
                failed += response.IsSuccessStatusCode ? 0 : 1;
            }

            return failed;
        }).ToArray();

        foreach (var token in tokens.Skip(1))
        {
            // As an orchestrator does it, and for a moment as nobody should: half a token, in place.
            await File.WriteAllTextAsync(_folder.Combine("token"), token[..^6], Stop);
            _folder.Write("next", token);
            File.Move(_folder.Combine("next"), _folder.Combine("token"), overwrite: true);
            await Eventually.TrueAsync(() => Task.FromResult(_gateway.Requests.LastOrDefault()?.Value("Gateway-Identity") == token), () => "The new token was not sent.", Stop);
        }

        await done.CancelAsync();
        Assert.Equal(0, (await Task.WhenAll(load)).Sum());
        Assert.Equal(tokens, _gateway.Requests.Select(r => r.Value("Gateway-Identity")).Distinct());
    }

    [Fact]
    public async Task Sockets_OnBothSides_Serve()
    {
        await using var receiver = await StreamReceiver.StartAsync(new TaskCompletionSource(), _folder.Combine("gateway.sock"));
        var path = _folder.Combine("sidecar.sock");
        await using var sidecar = await RunningSidecar.StartAsync(RunningSidecar.To("http://gateway", _folder.Write("token", RunningSidecar.Token("a"))) with
        {
            Listen = new ListenerAddress(false, null, false, 0, path),
            GatewaySocket = _folder.Combine("gateway.sock"),
        });

        using var response = await sidecar.Client.PostAsync("/tool", new StringContent("through"), Stop);

        Assert.Equal("through", await response.Content.ReadAsStringAsync(Stop));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site: cross-site\r\nHost: localhost", 403)]
    [InlineData("Sec-Fetch-Site: same-origin\r\nHost: localhost", 403)]
    [InlineData("Host: rebound.example", 403)]
    [InlineData("Host: 192.0.2.1", 403)]
    [InlineData("Host: localhost:1234", 200)]
    [InlineData("Host: 127.0.0.1", 200)]
    [InlineData("Host: [::1]:80", 200)]
    public async Task Request_OfAWebPage_IsRefused(string headers, int status)
    {
        await using var sidecar = await RunningSidecar.StartAsync(RunningSidecar.To(_gateway.Url, _folder.Write("token", RunningSidecar.Token("a"))));

        var response = await RawHttp.SendAsync(sidecar.Client.BaseAddress!, $"GET /tool HTTP/1.1\r\n{headers}\r\n\r\n", Stop);

        Assert.Equal(status, response.Status);
        Assert.Equal(status == 200 ? 1 : 0, _gateway.Requests.Count);
    }

    [Fact]
    public async Task Request_InProxyForm_IsRefused()
    {
        await using var sidecar = await RunningSidecar.StartAsync(RunningSidecar.To(_gateway.Url, _folder.Write("token", RunningSidecar.Token("a"))));

        var response = await RawHttp.SendAsync(sidecar.Client.BaseAddress!, "GET http://localhost/tool HTTP/1.1\r\nHost: localhost\r\n\r\n", Stop);

        Assert.Equal(400, response.Status);
        Assert.Empty(_gateway.Requests);
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string reason)
    {
        Assert.Equal((status, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        var body = System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(await response.Content.ReadAsStringAsync(Stop));
        Assert.Equal((reason, $"urn:gateway:problem:{reason}", (int)status), (body.Text("reason"), body.Text("type"), body.GetProperty("status").GetInt32()));
    }

    private sealed class HalvesContent(Task firstArrived) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("first"u8.ToArray());
            await stream.FlushAsync();
            await firstArrived.WaitAsync(TimeSpan.FromSeconds(30));
            await stream.WriteAsync("second"u8.ToArray());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
