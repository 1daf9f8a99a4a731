using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.EndToEnd;

/// <summary>A gateway with a credential that its issuer revokes, stopped in good order, killed, and with the issuer down.</summary>
public sealed class RevocationTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _secrets = new();
    private readonly WorkloadIssuer _issuer = new();
    private readonly ConcurrentQueue<string> _revoked = new();
    private readonly string _token = Canary.New("access");
    private RecordingUpstream _server = null!;
    private RecordingUpstream _upstream = null!;
    private bool _isDown;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await RecordingUpstream.StartAsync();
        _upstream = await RecordingUpstream.StartAsync();
        _server.Answer = AnswerAsync;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _upstream.DisposeAsync();
        _issuer.Dispose();
        _secrets.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Stop_TokenInUse_RevokesItBeforeTheEnd()
    {
        await using var gateway = await StartAsync();
        await CallAsync(gateway);
        Assert.Empty(_revoked);

        Assert.Equal(0, await gateway.StopAsync(Stop));

        Assert.Equal([_token], _revoked);
        var end = Assert.Single(gateway.Log.ReadEntities(), e => e.Text("activity_name") == "Delete");
        Assert.Equal(("Success", "confirmed"), (end.Text("status"), end.Text("status_detail")));
        Assert.Equal(1, end.GetProperty("entity").GetProperty("data").GetProperty("uses").GetInt32());
        Canary.AssertAbsent(_token, gateway.Output, "The gateway's output");
    }

    [Fact]
    public async Task Kill_TokenInUse_IsRevokedByTheNextProcess()
    {
        await using (var gateway = await StartAsync())
        {
            await CallAsync(gateway);
            Canary.AssertAbsentFromFolder(_token, _folder.Path);
        }

        Assert.Empty(_revoked);
        await using var next = await StartAsync();

        await Eventually.TrueAsync(() => Task.FromResult(!_revoked.IsEmpty), () => $"The token was not revoked:\n{next.Output}", Stop);
        Assert.Equal([_token], _revoked);
        Canary.AssertAbsentFrom(next, _token);
    }

    [Fact]
    public async Task Stop_IssuerDown_LeavesItToTheNextProcess()
    {
        await using (var gateway = await StartAsync())
        {
            await CallAsync(gateway);
            _isDown = true;
            await gateway.StopAsync(Stop);
            Assert.Contains(gateway.Log.ReadEntities(), e => e.Text("status_detail") == "queued" && e.Text("status") == "Failure");
        }

        Assert.Empty(_revoked);
        await using var next = await StartAsync();
        await Eventually.TrueAsync(
            async () => (await next.ReadinessAsync(Stop)).GetProperty("entries").GetProperty("revocations").GetProperty("members").Text("owed") == "1",
            () => $"Nothing is owed:\n{next.Output}",
            Stop);
        _isDown = false;

        await Eventually.TrueAsync(() => Task.FromResult(!_revoked.IsEmpty), () => $"The token was not revoked:\n{next.Output}", Stop);
    }

    [Fact]
    public async Task Start_StateFileInUse_IsAnErrorThatSaysWhatToDo()
    {
        await using var gateway = await StartAsync();
        await using var second = ChildProcess.Start(
            "dotnet",
            [
                Repository.GatewayAssembly, "run", "--config", _folder.Combine("gateway.json"),
                $"--Gateway:Listeners:Agents:0:Url=http://127.0.0.1:{FreePort.Next()}",
                $"--Gateway:Listeners:Admin:Url=http://127.0.0.1:{FreePort.Next()}",
                "--Gateway:Audit:Directory=other",
            ],
            folder: _folder.Path);

        var code = await second.WaitForExitAsync(TimeSpan.FromSeconds(60), Stop);

        Assert.True(code == 2, second.Output);
        Assert.Contains("error: Gateway:DataDirectory: The state file", second.Output, StringComparison.Ordinal);
        Assert.Contains("in use by another gateway", second.Output, StringComparison.Ordinal);
    }

    private async Task CallAsync(GatewayProcess gateway)
    {
        using var response = await gateway.SendAsync(HttpMethod.Get, "/api/x", _issuer.Token(), Stop);
        Assert.True(response.IsSuccessStatusCode, gateway.Output);
    }

    private Task<GatewayProcess> StartAsync() => GatewayProcess.StartAsync(
        _folder,
        new GatewaySetup
        {
            Identity = _issuer.Configure(_folder),
            Tools = new Dictionary<string, object> { ["api"] = new { Path = "/api", Upstream = _upstream.Url, Credential = "partner" } },
            Credentials = new Dictionary<string, object>
            {
                ["partner"] = new
                {
                    Type = "OAuth2ClientCredentials",
                    TokenEndpoint = $"{_server.Url}/token",
                    RevocationEndpoint = $"{_server.Url}/revoke",
                    ClientId = "gateway",
                    ClientSecret = $"file:{_secrets.Write("client", Canary.New("client"))}",
                },
            },
            Policies = """@id("all") permit (principal, action, resource);""",
        },
        Stop);

    private async Task AnswerAsync(RecordedRequest request, HttpContext context)
    {
        if (request.Target == "/token")
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync($$"""{"access_token":"{{_token}}","token_type":"Bearer","expires_in":3600}""", context.RequestAborted);
        }
        else if (_isDown)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        else
        {
            var form = System.Web.HttpUtility.ParseQueryString(Encoding.UTF8.GetString(request.Body));
            _revoked.Enqueue(form["token"] ?? "");
        }
    }
}
