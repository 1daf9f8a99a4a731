using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.EndToEnd;

/// <summary>A token endpoint that fails in any way costs the agent a 503 and tells it nothing.</summary>
public sealed class TokenEndpointFaultTests : IClassFixture<TokenEndpointScene>
{
    private readonly TokenEndpointScene _scene;

    public TokenEndpointFaultTests(TokenEndpointScene scene)
    {
        _scene = scene;
        scene.Upstream.Clear();
        scene.Endpoint.Clear();
        scene.Endpoint.Answer = MisbehaveAsync;
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("down")]
    [InlineData("slow")]
    [InlineData("html")]
    [InlineData("error")]
    [InlineData("garbage")]
    [InlineData("nothing")]
    [InlineData("notoken")]
    [InlineData("crlf")]
    [InlineData("nul")]
    [InlineData("space")]
    [InlineData("number")]
    [InlineData("huge")]
    [InlineData("redirect")]
    [InlineData("endless")]
    [InlineData("broken")]
    [InlineData("expired")]
    public async Task Call_TokenEndpointMisbehaves_Is503AndNothingLeaks(string tool)
    {
        var started = Stopwatch.GetTimestamp();

        using var response = await CallAsync(tool);

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        await Problem.AssertAsync(response, HttpStatusCode.ServiceUnavailable, "credential_unavailable", Stop);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Empty(_scene.Upstream.Requests);
        var logged = await _scene.Gateway.Log.SingleAsync(response.CallId(), Stop);
        Assert.Equal((CallLog.ApiActivity, tool, "credential_unavailable", 503), (logged.ClassUid(), logged.Tool(), logged.Reason(), logged.Status()));
        foreach (var secret in new[] { _scene.ClientSecret, _scene.Leak })
        {
            await Canary.AssertAbsentAsync(secret, response, Stop);
            Canary.AssertAbsentFrom(_scene.Gateway, secret);
        }
    }

    [Fact]
    public async Task Call_TokenEndpointRecovers_IsServedAgain()
    {
        _scene.Endpoint.Answer = (_, context) =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        using var failed = await CallAsync("recovers");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);

        _scene.Endpoint.Answer = IssueAsync;

        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await CallAsync("recovers");
                return response.StatusCode == HttpStatusCode.OK;
            },
            () => "The tool was not served again.",
            Stop);
    }

    [Fact]
    public async Task Calls_WhileTheTokenEndpointFails_DoNotHammerIt()
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 50; i++)
        {
            using var response = await CallAsync("hammered");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        }

        // The pause begins at one second and grows.
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Assert.InRange(_scene.TokenRequests("hammered"), 1, 1 + (int)Math.Ceiling(seconds));
    }

    [Fact]
    public async Task Calls_SixtyFourFirstOnesAtOnce_CauseOneTokenRequest()
    {
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        _scene.Endpoint.Answer = async (request, context) =>
        {
            asked.TrySetResult();
            await answer.Task;
            await IssueAsync(request, context);
        };

        // Warmed up by a refusal, so that all connections and the agent's identity are ready at the same time.
        var token = _scene.Issuer.Token();
        var calls = Enumerable.Range(0, 64).Select(_ => _scene.Gateway.SendAsync(HttpMethod.Get, "/crowd/x", token, Stop)).ToArray();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        await Task.Delay(TimeSpan.FromMilliseconds(500), Stop);
        Assert.DoesNotContain(calls, c => c.IsCompleted);
        answer.SetResult();
        var responses = await Task.WhenAll(calls);

        Assert.All(responses, r => Assert.Equal(HttpStatusCode.OK, r.StatusCode));
        Assert.Equal(1, _scene.TokenRequests("crowd"));
        Assert.Equal(64, _scene.Upstream.Requests.Count);
        Assert.All(_scene.Upstream.Requests, r => Assert.Equal("Bearer a-good-token", r.Value("Authorization")));
        Array.ForEach(responses, r => r.Dispose());
    }

    private static Task IssueAsync(RecordedRequest request, HttpContext context) =>
        JsonAsync(context, """{"access_token":"a-good-token","token_type":"Bearer","expires_in":3600}""");

    private static Task JsonAsync(HttpContext context, string json, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json, context.RequestAborted);
    }

    private Task<HttpResponseMessage> CallAsync(string tool) => _scene.Gateway.SendAsync(HttpMethod.Get, $"/{tool}/x", _scene.Issuer.Token(), Stop);

    private async Task MisbehaveAsync(RecordedRequest request, HttpContext context)
    {
        var leak = _scene.Leak;
        var stopped = context.RequestAborted;
        switch (request.Target["/token/".Length..])
        {
            case "slow":
                await Task.Delay(Timeout.Infinite, stopped);
                break;
            case "html":
                context.Response.StatusCode = 500;
                context.Response.ContentType = "text/html";
                context.Response.Headers["X-Debug"] = leak;
                await context.Response.WriteAsync($"<html><body>Stack trace: client_secret={leak}</body></html>", stopped);
                break;
            case "error":
                await JsonAsync(context, $$"""{"error":"{{leak}}","error_description":"{{leak}}","error_uri":"https://example.com/{{leak}}"}""", 400);
                break;
            case "garbage":
                await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"\u0000\u0001{leak}{{"), stopped);
                break;
            case "nothing":
                context.Response.StatusCode = 204;
                break;
            case "notoken":
                await JsonAsync(context, $$"""{"token_type":"Bearer","expires_in":3600,"id_token":"{{leak}}"}""");
                break;
            case "crlf":
                await JsonAsync(context, $$"""{"access_token":"{{leak}}\r\nX-Evil: 1","token_type":"Bearer","expires_in":3600}""");
                break;
            case "nul":
                await JsonAsync(context, $$"""{"access_token":"{{leak}}\u0000","token_type":"Bearer","expires_in":3600}""");
                break;
            case "space":
                await JsonAsync(context, """{"access_token":" ","token_type":"Bearer","expires_in":3600}""");
                break;
            case "number":
                await JsonAsync(context, """{"access_token":12345678901234567890,"token_type":"Bearer","expires_in":3600}""");
                break;
            case "huge":
                await JsonAsync(context, $$"""{"access_token":"{{leak}}{{new string('a', 4 << 20)}}","token_type":"Bearer","expires_in":3600}""");
                break;
            case "redirect":
                context.Response.Redirect($"{_scene.Upstream.Url}/stolen?{leak}");
                break;
            case "endless":
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync("{\"access_token\":\"", stopped);
                while (!stopped.IsCancellationRequested)
                {
                    await context.Response.WriteAsync(new string('a', 1 << 16), stopped);
                }

                break;
            case "broken":
                context.Response.ContentLength = 1000;
                await context.Response.WriteAsync($$"""{"access_token":"{{leak}}",""", stopped);
                await context.Response.Body.FlushAsync(stopped);
                context.Abort();
                break;
            case "expired":
                await JsonAsync(context, $$"""{"access_token":"{{leak}}","token_type":"Bearer","expires_in":0}""");
                break;
            default:
                context.Response.StatusCode = 500;
                break;
        }
    }
}
