namespace Gateway.Tests.EndToEnd;

/// <summary>The three processes as an operator starts them: an agent that knows a URL, its sidecar, and the gateway.</summary>
public sealed class SidecarTests(StaticToolScene scene) : IClassFixture<StaticToolScene>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_OfAnAgentWithoutIdentity_IsItsWorkloads()
    {
        scene.Upstream.Clear();
        using var folder = new TemporaryFolder();
        var token = scene.Issuer.Token();
        folder.Write("token", token);
        await using var sidecar = ChildProcess.Start(
            "dotnet",
            [Repository.GatewayAssembly, "sidecar", "--listen", "unix:agent.sock", "--gateway", scene.Gateway.Https.ToString(), "--ca", scene.CertificateFile, "--token-file", "token"],
            folder: folder.Path);
        while (!(await sidecar.ReadLineAsync(TimeSpan.FromSeconds(60), Stop)).Contains("Forwarding from", StringComparison.Ordinal))
        {
            // What else it has to say at start.
        }

        await using var curl = Curl.Start("--unix-socket", folder.Combine("agent.sock"), "--dump-header", "-", "--header", "Authorization: Bearer dummy-key", "http://tools/bearer/items/1?a=%2F");
        Assert.True(await curl.WaitForExitAsync(TimeSpan.FromSeconds(30), Stop) == 0, curl.Output);

        Assert.EndsWith("\nok", curl.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal("/items/1?a=%2F", scene.Upstream.Single.Target);
        Assert.Equal($"Bearer {scene.Secret}", scene.Upstream.Single.Value("Authorization"));
        var call = curl.Output.Split('\n').Single(l => l.StartsWith("gateway-call:", StringComparison.OrdinalIgnoreCase)).Split(':')[1].Trim();
        var logged = await scene.Gateway.Log.SingleAsync(call, Stop);
        Assert.Equal(("dev:worker", "2"), (logged.Text("actor", "app_uid"), logged.Text("http_request", "version")));
        Assert.Equal(0, await sidecar.StopAsync(Stop));
        Assert.False(File.Exists(folder.Combine("agent.sock")));
        Canary.AssertAbsent(token, sidecar.Output, "The sidecar's output");
    }

    [Fact]
    public async Task Flags_Wrong_AreAllNamed()
    {
        await using var sidecar = ChildProcess.Start("dotnet", [Repository.GatewayAssembly, "sidecar", "--listen", "http://0.0.0.0:8082"]);

        Assert.Equal(2, await sidecar.WaitForExitAsync(TimeSpan.FromSeconds(60), Stop));
        Assert.Equal(3, sidecar.Errors.Split('\n').Count(l => l.StartsWith("error: ", StringComparison.Ordinal)));
    }
}
