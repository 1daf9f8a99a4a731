using System.Runtime.Versioning;

namespace Gateway.Tests.EndToEnd;

/// <summary>The file of a Unix socket, from start to stop.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class UnixSocketTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WorkloadIssuer _issuer = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _issuer.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Gateway_KilledAndStartedAgain_TakesItsSocketBackAndRemovesItWhenItStops()
    {
        var socket = _folder.Combine("agents.sock");
        await using (await GatewayProcess.StartAsync(_folder, Setup(), Stop))
        {
            Assert.Equal((UnixFileMode)0x1B0, File.GetUnixFileMode(socket));
        }

        Assert.True(File.Exists(socket), "A gateway that is killed leaves its socket behind, or this test shows nothing.");
        await using var gateway = await GatewayProcess.StartAsync(_folder, Setup(), Stop);
        await using var curl = Curl.Start(
            "--unix-socket", socket, "--header", $"Authorization: Bearer {_issuer.Token()}", "--output", "/dev/null", "--write-out", "%{http_code}", "http://gateway/none");
        Assert.Equal(0, await curl.WaitForExitAsync(TimeSpan.FromSeconds(30), Stop));
        Assert.Equal("404", curl.Output.Trim());

        Assert.Equal(0, await gateway.StopAsync(Stop));
        Assert.False(File.Exists(socket));
    }

    [Fact]
    public async Task Gateway_SocketInUse_NamesTheListenersKey()
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder, Setup(), Stop);
        using var other = new TemporaryFolder();
        other.Write("policies/test.cedar", "");
        var configuration = other.Write("gateway.json", (Setup() with { MoreListeners = [new { Url = $"unix:{_folder.Combine("agents.sock")}" }] }).ConfigurationJson(FreePort.Next(), FreePort.Next(), 0));

        await using var second = ChildProcess.Start("dotnet", [Repository.GatewayAssembly, "run", "--config", configuration], folder: other.Path);

        Assert.Equal(2, await second.WaitForExitAsync(TimeSpan.FromSeconds(60), Stop));
        Assert.Contains("error: Gateway:Listeners:Agents:1:Url: ", second.Errors, StringComparison.Ordinal);
        Assert.Contains("in use", second.Errors, StringComparison.Ordinal);
    }

    private GatewaySetup Setup() => new()
    {
        Identity = _issuer.Configure(_folder),
        Tools = new Dictionary<string, object>(),
        Credentials = new Dictionary<string, object>(),
        Policies = "permit (principal, action, resource);",
        MoreListeners = [new { Url = "unix:agents.sock" }],
    };
}
