using System.Text.Json;

namespace Gateway.Tests.EndToEnd;

/// <summary>Tasks, agents and leases as an operator handles them from the command line; and what a kill leaves of them.</summary>
public sealed class TaskCommandTests : IAsyncLifetime
{
    private RevocableTokenScene _scene = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _scene = await RevocableTokenScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Verbs_AgainstARunningGateway_DoWhatTheySay()
    {
        await using var gateway = await _scene.StartGatewayAsync();
        var task = (await AskAsync(gateway, "tasks", "start", "--agent", "dev:worker", "--purpose", "close the books", "--lifetime", "5m", "--tool", "api", "--user", "alice")).Trim();
        Assert.Matches("^[0-9a-f]{32}$", task);
        Assert.Equal(200, await _scene.CallAsync(gateway, task));

        Assert.Contains($"{task}\tdev:worker\tuntil ", await AskAsync(gateway, "tasks", "list", "--agent", "dev:worker"), StringComparison.Ordinal);
        var lease = (await AskAsync(gateway, "leases", "list", "--task", task)).Split('\t')[0];
        Assert.StartsWith($"{lease}\trevocation queued\t", await AskAsync(gateway, "leases", "revoke", lease), StringComparison.Ordinal);
        Assert.Equal(200, await _scene.CallAsync(gateway, task));

        var receipt = JsonSerializer.Deserialize<JsonElement>(await AskAsync(gateway, "tasks", "end", task, "--reason", "killed"));
        Assert.Equal((task, "killed", 2), (receipt.Text("task"), receipt.Text("reason"), receipt.GetProperty("leases").GetArrayLength()));
        Assert.Equal(403, await _scene.CallAsync(gateway, task));
        Assert.Equal(receipt.Text("endedAt"), JsonSerializer.Deserialize<JsonElement>(await AskAsync(gateway, "tasks", "receipt", task)).Text("endedAt"));

        Assert.Contains("suspended: dev:*", await AskAsync(gateway, "agents", "suspend", "dev:*", "--reason", "breach"), StringComparison.Ordinal);
        Assert.Equal(403, await _scene.CallAsync(gateway));
        Assert.Contains("dev:worker\tsuspended", await AskAsync(gateway, "agents", "list"), StringComparison.Ordinal);
        Assert.Equal("", await AskAsync(gateway, "agents", "resume", "dev:*"));
        Assert.Equal(200, await _scene.CallAsync(gateway));
    }

    [Fact]
    public async Task Verb_ThatCannotAsk_SaysWhyAndEndsSo()
    {
        await using var gateway = await _scene.StartGatewayAsync();
        var (wrongToken, wrong) = await RunAsync(["tasks", "list", "--admin", $"{gateway.Admin}"], ("GATEWAY_ADMIN_TOKEN", "wrong"));
        var (noToken, missing) = await RunAsync(["tasks", "list", "--admin", $"{gateway.Admin}", "--data", _scene.Folder.Path]);
        var (noGateway, silent) = await RunAsync(["tasks", "list", "--admin", $"http://127.0.0.1:{FreePort.Next()}", "--data", _scene.Folder.Combine("data")]);
        var (noUrl, malformed) = await RunAsync(["tasks", "list", "--admin", "ftp://127.0.0.1", "--data", _scene.Folder.Combine("data")]);
        var (agents, notAdmin) = await RunAsync(["tasks", "list", "--admin", $"{gateway.Agents}", "--data", _scene.Folder.Combine("data")]);
        var (unknown, none) = await RunAsync(["tasks", "end", new string('0', 32), "--admin", $"{gateway.Admin}", "--data", _scene.Folder.Combine("data")]);

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
        await using (var gateway = await _scene.StartGatewayAsync())
        {
            task = (await AskAsync(gateway, "tasks", "start", "--agent", "dev:worker", "--purpose", "doomed")).Trim();
            Assert.Equal(200, await _scene.CallAsync(gateway, task));
            _scene.Tokens.IsDown = true;
            var receipt = JsonSerializer.Deserialize<JsonElement>(await AskAsync(gateway, "tasks", "end", task));
            Assert.Equal("queued", Assert.Single(Revocations(receipt)));
        }

        Assert.Empty(_scene.Tokens.Revoked);
        _scene.Tokens.IsDown = false;
        await using var next = await _scene.StartGatewayAsync();

        await Eventually.TrueAsync(
            async () => Revocations(JsonSerializer.Deserialize<JsonElement>(await AskAsync(next, "tasks", "receipt", task))) is ["confirmed"],
            () => $"The receipt was not confirmed:\n{next.Output}",
            Stop);
        Assert.Equal(["token-1"], _scene.Tokens.Revoked);
        Assert.Equal(403, await _scene.CallAsync(next, task));
    }

    [Fact]
    public async Task Kill_TaskInUse_RevokesItsTokenAndLetsItGoOn()
    {
        string task;
        await using (var gateway = await _scene.StartGatewayAsync())
        {
            task = (await AskAsync(gateway, "tasks", "start", "--agent", "dev:worker", "--purpose", "long")).Trim();
            Assert.Equal(200, await _scene.CallAsync(gateway, task));
        }

        await using var next = await _scene.StartGatewayAsync();
        Assert.Equal(200, await _scene.CallAsync(next, task));
        var receipt = JsonSerializer.Deserialize<JsonElement>(await AskAsync(next, "tasks", "end", task));

        await Eventually.TrueAsync(() => Task.FromResult(_scene.Tokens.Revoked.Count == 2), () => $"Not both tokens were revoked:\n{next.Output}", Stop);
        Assert.Equal(["token-1", "token-2"], _scene.Tokens.Revoked.Order(StringComparer.Ordinal));
        Assert.Equal(2, receipt.GetProperty("leases").GetArrayLength());
        Assert.False(receipt.GetProperty("leases")[0].GetProperty("usesAreExact").GetBoolean());
    }

    private static string?[] Revocations(JsonElement receipt) => [.. receipt.GetProperty("leases").EnumerateArray().Select(l => l.Text("revocation"))];

    private async Task<string> AskAsync(GatewayProcess gateway, params string[] verb)
    {
        await using var process = ChildProcess.Start("dotnet", [Repository.GatewayAssembly, .. verb, "--admin", $"{gateway.Admin}", "--config", _scene.Folder.Combine("gateway.json")], folder: _scene.Folder.Path);
        var code = await process.WaitForExitAsync(TimeSpan.FromSeconds(60), Stop);
        Assert.True(code == 0, process.Output);
        return process.Answer;
    }

    private async Task<(int Code, string Errors)> RunAsync(string[] arguments, params (string Name, string Value)[] environment)
    {
        await using var process = ChildProcess.Start("dotnet", [Repository.GatewayAssembly, .. arguments], environment.ToDictionary(e => e.Name, e => e.Value), _scene.Folder.Path);
        var code = await process.WaitForExitAsync(TimeSpan.FromSeconds(60), Stop);
        return (code, process.Errors);
    }
}
