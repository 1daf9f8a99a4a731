using System.Runtime.Versioning;

namespace Gateway.Tests.EndToEnd;

/// <summary>Agents that present nothing, known by the kernel's word about the process that connected.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class UnixPeerTests(UnixPeerScene scene) : IClassFixture<UnixPeerScene>
{
    private const string Curl = "/usr/bin/curl";
    private const string AsBilling = $"setpriv --reuid 54321 --regid 54322 --clear-groups {Curl}";
    private const string AsTwoAgents = $"setpriv --reuid 54400 --regid 54401 --clear-groups {Curl}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_OfAKnownUser_IsTheAgents()
    {
        scene.Upstream.Clear();

        var (status, call, body) = await scene.CallAsync(AsBilling);

        Assert.True(status == 200, body);
        Assert.Equal($"Bearer {scene.Secret}", scene.Upstream.Single.Value("Authorization"));
        var logged = await scene.Gateway.Log.SingleAsync(call, Stop);
        Assert.Equal(("unix:billing", "unix-peer"), (logged.Text("actor", "app_uid"), logged.Text("unmapped", "gateway", "identity_method")));
        Assert.Equal("127.0.0.1", logged.Text("src_endpoint", "ip"));
    }

    [Fact]
    public async Task Call_OfAKnownProgram_IsTheAgents()
    {
        var (status, call, body) = await scene.CallAsync(scene.Program);

        Assert.True(status == 200, body);
        Assert.Equal(UnixPeerScene.ProgramAgent, (await scene.Gateway.Log.SingleAsync(call, Stop)).Text("actor", "app_uid"));
    }

    [Fact]
    public async Task Call_OfAnotherProgramOfTheUser_IsRefusedAndRecordedWithWhoItWas()
    {
        scene.Upstream.Clear();

        var (status, call, body) = await scene.CallAsync(Curl);

        Assert.Equal(401, status);
        Assert.Contains("\"identity_invalid\"", body, StringComparison.Ordinal);
        Assert.DoesNotContain("54321", body, StringComparison.Ordinal);
        Assert.Empty(scene.Upstream.Requests);
        var logged = await scene.Gateway.Log.SingleAsync(call, Stop);
        Assert.Equal(CallLog.Authentication, logged.GetProperty("class_uid").GetInt32());
        Assert.Contains("No entry of Identity.UnixPeers", logged.Text("status_detail"), StringComparison.Ordinal);
        Assert.Matches($@"\Auid:0 gid:0 pid:\d+ {Curl}\z", logged.Text("user", "uid"));
    }

    [Fact]
    public async Task Call_OfWhoCouldBeTwoAgents_IsRefused()
    {
        var (status, call, _) = await scene.CallAsync(AsTwoAgents);

        Assert.Equal(401, status);
        Assert.Contains("different agents", (await scene.Gateway.Log.SingleAsync(call, Stop)).Text("status_detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Curl)]
    [InlineData(AsBilling)]
    public async Task Call_WithAToken_IsTheTokensAgentWhoeverThePeerIs(string command)
    {
        var (status, call, body) = await scene.CallAsync(command, "--header", $"Gateway-Identity: {scene.Issuer.Token()}");

        Assert.True(status == 200, body);
        Assert.Equal("dev:worker", (await scene.Gateway.Log.SingleAsync(call, Stop)).Text("actor", "app_uid"));
    }

    [Fact]
    public async Task Call_WithABadToken_IsNotRescuedByThePeer()
    {
        var (status, _, body) = await scene.CallAsync(AsBilling, "--header", $"Gateway-Identity: {WorkloadIssuer.UnsignedToken()}");

        Assert.Equal(401, status);
        Assert.Contains("\"identity_invalid\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ManyOnOneConnection_AreAllTheAgents()
    {
        scene.Upstream.Clear();

        var (status, _, body) = await scene.CallAsync(AsBilling, [.. Enumerable.Repeat("http://gateway/api/items", 20)]);

        Assert.True(status == 200, body);
        Assert.Equal(21, scene.Upstream.Requests.Count);
    }

    [Fact]
    public async Task Call_OverTcp_HasNoPeer()
    {
        using var response = await scene.Gateway.Client.GetAsync("/api/items", Stop);

        await Problem.AssertAsync(response, System.Net.HttpStatusCode.Unauthorized, "identity_missing", Stop);
    }

    [Fact]
    public void Socket_WhileServing_HasItsModeAndNothingIsBesideIt()
    {
        Assert.Equal((UnixFileMode)0x1B6, File.GetUnixFileMode(scene.SocketPath));
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(scene.SocketPath)!, ".gw-*"));
    }
}
