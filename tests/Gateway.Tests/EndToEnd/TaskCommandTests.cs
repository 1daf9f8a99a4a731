using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.EndToEnd;

/// <summary>Tasks, agents and leases as an operator handles them from the command line; and what a kill leaves of them.</summary>
public sealed class TaskCommandTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _secrets = new();
    private readonly WorkloadIssuer _issuer = new();
    private readonly ConcurrentQueue<string> _revoked = new();
    private RecordingUpstream _server = null!;
    private RecordingUpstream _upstream = null!;
    private bool _isDown;
    private int _issued;

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
    public async Task Verbs_AgainstARunningGateway_DoWhatTheySay()
    {
        await using var gateway = await StartAsync();
        var task = (await AskAsync(gateway, "tasks", "start", "--agent", "dev:worker", "--purpose", "close the books", "--lifetime", "5m", "--tool", "api", "--user", "alice")).Trim();
        Assert.Matches("^[0-9a-f]{32}$", task);
        Assert.Equal(200, await CallAsync(gateway, task));

        Assert.Contains($"{task}\tdev:worker\tuntil ", await AskAsync(gateway, "tasks", "list", "--agent", "dev:worker"), StringComparison.Ordinal);
        var lease = (await AskAsync(gateway, "leases", "list", "--task", task)).Split('\t')[0];
        Assert.Equal($"{lease}\trevocation queued", (await AskAsync(gateway, "leases", "revoke", lease)).Trim());
        Assert.Equal(200, await CallAsync(gateway, task));

        var receipt = JsonSerializer.Deserialize<JsonElement>(await AskAsync(gateway, "tasks", "end", task, "--reason", "killed"));
        Assert.Equal((task, "killed", 2), (receipt.Text("task"), receipt.Text("reason"), receipt.GetProperty("leases").GetArrayLength()));
        Assert.Equal(403, await CallAsync(gateway, task));
        Assert.Equal(receipt.Text("endedAt"), JsonSerializer.Deserialize<JsonElement>(await AskAsync(gateway, "tasks", "receipt", task)).Text("endedAt"));

        Assert.Contains("suspended: dev:*", await AskAsync(gateway, "agents", "suspend", "dev:*", "--reason", "breach"), StringComparison.Ordinal);
        Assert.Equal(403, await CallAsync(gateway));
        Assert.Contains("dev:worker\tsuspended", await AskAsync(gateway, "agents", "list"), StringComparison.Ordinal);
        Assert.Equal("", await AskAsync(gateway, "agents", "resume", "dev:*"));
        Assert.Equal(200, await CallAsync(gateway));
    }

    [Fact]
    public async Task Verb_ThatCannotAsk_SaysWhyAndEndsSo()
    {
        await using var gateway = await StartAsync();
        var (wrongToken, wrong) = await RunAsync(["tasks", "list", "--admin", $"{gateway.Admin}"], ("GATEWAY_ADMIN_TOKEN", "wrong"));
        var (noToken, missing) = await RunAsync(["tasks", "list", "--admin", $"{gateway.Admin}", "--data", _secrets.Path]);
        var (noGateway, silent) = await RunAsync(["tasks", "list", "--admin", $"http://127.0.0.1:{FreePort.Next()}", "--data", _folder.Combine("data")]);
        var (noUrl, malformed) = await RunAsync(["tasks", "list", "--admin", "ftp://127.0.0.1", "--data", _folder.Combine("data")]);
        var (agents, notAdmin) = await RunAsync(["tasks", "list", "--admin", $"{gateway.Agents}", "--data", _folder.Combine("data")]);
        var (unknown, none) = await RunAsync(["tasks", "end", new string('0', 32), "--admin", $"{gateway.Admin}", "--data", _folder.Combine("data")]);

        Assert.Equal((1, 2, 1, 2, 1, 1), (wrongToken, noToken, noGateway, noUrl, agents, unknown));
        Assert.Contains("No operator could be told", wrong, StringComparison.Ordinal);
        Assert.Contains("there is no token: set GATEWAY_ADMIN_TOKEN", missing, StringComparison.Ordinal);
        Assert.Contains("does not answer", silent, StringComparison.Ordinal);
        Assert.Contains("--admin takes a URL", malformed, StringComparison.Ordinal);
        Assert.Contains("gateway: ", notAdmin, StringComparison.Ordinal);
        Assert.Contains("There is no task with this id", none, StringComparison.Ordinal);
        Assert.All([wrong, missing, silent, malformed, notAdmin, none], text => Assert.DoesNotContain("   at ", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Kill_AfterATasksEndWithTheIssuerDown_IsConfirmedByTheNextProcess()
    {
        string task;
        await using (var gateway = await StartAsync())
        {
            task = (await AskAsync(gateway, "tasks", "start", "--agent", "dev:worker", "--purpose", "doomed")).Trim();
            Assert.Equal(200, await CallAsync(gateway, task));
            _isDown = true;
            var receipt = JsonSerializer.Deserialize<JsonElement>(await AskAsync(gateway, "tasks", "end", task));
            Assert.Equal("queued", Assert.Single(Revocations(receipt)));
        }

        Assert.Empty(_revoked);
        _isDown = false;
        await using var next = await StartAsync();

        await Eventually.TrueAsync(
            async () => Revocations(JsonSerializer.Deserialize<JsonElement>(await AskAsync(next, "tasks", "receipt", task))) is ["confirmed"],
            () => $"The receipt was not confirmed:\n{next.Output}",
            Stop);
        Assert.Equal(["token-1"], _revoked);
        Assert.Equal(403, await CallAsync(next, task));
    }

    [Fact]
    public async Task Kill_TaskInUse_RevokesItsTokenAndLetsItGoOn()
    {
        string task;
        await using (var gateway = await StartAsync())
        {
            task = (await AskAsync(gateway, "tasks", "start", "--agent", "dev:worker", "--purpose", "long")).Trim();
            Assert.Equal(200, await CallAsync(gateway, task));
        }

        await using var next = await StartAsync();
        Assert.Equal(200, await CallAsync(next, task));
        var receipt = JsonSerializer.Deserialize<JsonElement>(await AskAsync(next, "tasks", "end", task));

        await Eventually.TrueAsync(() => Task.FromResult(_revoked.Count == 2), () => $"Not both tokens were revoked:\n{next.Output}", Stop);
        Assert.Equal(["token-1", "token-2"], _revoked.Order(StringComparer.Ordinal));
        Assert.Equal(2, receipt.GetProperty("leases").GetArrayLength());
        Assert.False(receipt.GetProperty("leases")[0].GetProperty("usesAreExact").GetBoolean());
    }

    private static string?[] Revocations(JsonElement receipt) => [.. receipt.GetProperty("leases").EnumerateArray().Select(l => l.Text("revocation"))];

    private async Task<int> CallAsync(GatewayProcess gateway, string? task = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/x");
        request.Headers.Add("Gateway-Identity", _issuer.Token());
        if (task is not null)
        {
            request.Headers.Add("Gateway-Task", task);
        }

        using var response = await gateway.Client.SendAsync(request, Stop);
        return (int)response.StatusCode;
    }

    private async Task<string> AskAsync(GatewayProcess gateway, params string[] verb)
    {
        await using var process = ChildProcess.Start("dotnet", [Repository.GatewayAssembly, .. verb, "--admin", $"{gateway.Admin}", "--config", _folder.Combine("gateway.json")], folder: _folder.Path);
        var code = await process.WaitForExitAsync(TimeSpan.FromSeconds(60), Stop);
        Assert.True(code == 0, process.Output);
        return process.Answer;
    }

    private async Task<(int Code, string Errors)> RunAsync(string[] arguments, params (string Name, string Value)[] environment)
    {
        await using var process = ChildProcess.Start("dotnet", [Repository.GatewayAssembly, .. arguments], environment.ToDictionary(e => e.Name, e => e.Value), _folder.Path);
        var code = await process.WaitForExitAsync(TimeSpan.FromSeconds(60), Stop);
        return (code, process.Errors);
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
            await context.Response.WriteAsync(
                $$"""{"access_token":"token-{{Interlocked.Increment(ref _issued)}}","token_type":"Bearer","expires_in":3600}""", context.RequestAborted);
        }
        else if (_isDown)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        else
        {
            _revoked.Enqueue(System.Web.HttpUtility.ParseQueryString(Encoding.UTF8.GetString(request.Body))["token"] ?? "");
        }
    }
}
