namespace Gateway.Tests.EndToEnd;

/// <summary>A gateway with a credential that its issuer revokes, stopped in good order, killed, and with the issuer down.</summary>
public sealed class RevocationTests : IAsyncLifetime
{
    private readonly string _token = Canary.New("access");
    private RevocableTokenScene _scene = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _scene = await RevocableTokenScene.StartAsync();
        _scene.Tokens.Token = _ => _token;
    }

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Stop_TokenInUse_RevokesItBeforeTheEnd()
    {
        await using var gateway = await _scene.StartGatewayAsync();
        await CallAsync(gateway);
        Assert.Empty(_scene.Tokens.Revoked);

        Assert.Equal(0, await gateway.StopAsync(Stop));

        Assert.Equal([_token], _scene.Tokens.Revoked);
        var end = Assert.Single(gateway.Log.ReadEntities(), e => e.Text("activity_name") == "Delete");
        Assert.Equal(("Success", "confirmed"), (end.Text("status"), end.Text("status_detail")));
        Assert.Equal(1, end.GetProperty("entity").GetProperty("data").GetProperty("uses").GetInt32());
        Canary.AssertAbsent(_token, gateway.Output, "The gateway's output");
    }

    [Fact]
    public async Task Kill_TokenInUse_IsRevokedByTheNextProcess()
    {
        await using (var gateway = await _scene.StartGatewayAsync())
        {
            await CallAsync(gateway);
            Canary.AssertAbsentFromFolder(_token, _scene.Folder.Path);
        }

        Assert.Empty(_scene.Tokens.Revoked);
        await using var next = await _scene.StartGatewayAsync();

        await Eventually.TrueAsync(() => Task.FromResult(_scene.Tokens.Revoked.Count > 0), () => $"The token was not revoked:\n{next.Output}", Stop);
        Assert.Equal([_token], _scene.Tokens.Revoked);
        Canary.AssertAbsentFrom(next, _token);
    }

    [Fact]
    public async Task Stop_IssuerDown_LeavesItToTheNextProcess()
    {
        await using (var gateway = await _scene.StartGatewayAsync())
        {
            await CallAsync(gateway);
            _scene.Tokens.IsDown = true;
            await gateway.StopAsync(Stop);
            Assert.Contains(gateway.Log.ReadEntities(), e => e.Text("status_detail") == "queued" && e.Text("status") == "Failure");
        }

        Assert.Empty(_scene.Tokens.Revoked);
        await using var next = await _scene.StartGatewayAsync();
        await Eventually.TrueAsync(
            async () => (await next.ReadinessAsync(Stop)).GetProperty("entries").GetProperty("revocations").GetProperty("members").Text("owed") == "1",
            () => $"Nothing is owed:\n{next.Output}",
            Stop);
        _scene.Tokens.IsDown = false;

        await Eventually.TrueAsync(() => Task.FromResult(_scene.Tokens.Revoked.Count > 0), () => $"The token was not revoked:\n{next.Output}", Stop);
    }

    [Fact]
    public async Task Start_StateFileInUse_IsAnErrorThatSaysWhatToDo()
    {
        await using var gateway = await _scene.StartGatewayAsync();
        await using var second = ChildProcess.Start(
            "dotnet",
            [
                Repository.GatewayAssembly, "run", "--config", _scene.Folder.Combine("gateway.json"),
                $"--Gateway:Listeners:Agents:0:Url=http://127.0.0.1:{FreePort.Next()}",
                $"--Gateway:Listeners:Admin:Url=http://127.0.0.1:{FreePort.Next()}",
                "--Gateway:Audit:Directory=other",
            ],
            folder: _scene.Folder.Path);

        var code = await second.WaitForExitAsync(TimeSpan.FromSeconds(60), Stop);

        Assert.True(code == 2, second.Output);
        Assert.Contains("error: Gateway:DataDirectory: The state file", second.Output, StringComparison.Ordinal);
        Assert.Contains("in use by another gateway", second.Output, StringComparison.Ordinal);
    }

    private async Task CallAsync(GatewayProcess gateway)
    {
        var status = await _scene.CallAsync(gateway);
        Assert.True(status == 200, gateway.Output);
    }
}
