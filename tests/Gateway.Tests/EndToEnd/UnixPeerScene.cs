using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Gateway.Tests.EndToEnd;

/// <summary>
/// A running gateway with a Unix socket that everybody may connect to. User 54321 is the agent <c>unix:billing</c>, the program
/// <see cref="Program"/> of root is <see cref="ProgramAgent"/>, and who is both user 54400 and of group 54401 could be two agents.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class UnixPeerScene : IAsyncLifetime
{
    public const string ProgramAgent = "spiffe://example.org/agent/program";

    private readonly TemporaryFolder _folder = new();
    private readonly WorkloadIssuer _issuer = new();

    internal string Secret { get; } = Canary.New("peer");

    internal RecordingUpstream Upstream { get; private set; } = null!;

    internal GatewayProcess Gateway { get; private set; } = null!;

    internal WorkloadIssuer Issuer => _issuer;

    internal string SocketPath => _folder.Combine("agents.sock");

    /// <summary>A copy of curl with a digest of its own.</summary>
    internal string Program => _folder.Combine("program");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root can start processes as other users.");
        Upstream = await RecordingUpstream.StartAsync();
        File.Copy("/usr/bin/curl", Program);
        await File.AppendAllTextAsync(Program, "another digest", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(_folder.Path, File.GetUnixFileMode(_folder.Path) | UnixFileMode.OtherExecute);
        Gateway = await GatewayProcess.StartAsync(
            _folder,
            new GatewaySetup
            {
                Identity = new
                {
                    Issuers = ((dynamic)_issuer.Configure(_folder)).Issuers,
                    UnixPeers = new
                    {
                        billing = new { User = "54321" },
                        program = new { User = "root", ExecutableSha256 = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(Program))), AgentId = ProgramAgent },
                        one = new { User = "54400" },
                        other = new { User = "54400", Group = "54401" },
                    },
                },
                Tools = new Dictionary<string, object> { ["api"] = new { Path = "/api", Upstream = Upstream.Url, Credential = "key" } },
                Credentials = new Dictionary<string, object>
                {
                    ["key"] = new { Type = "Static", Value = $"file:{_folder.Write("value", Secret)}", Owner = "tests", NotAfter = "2099-12-31" },
                },
                Policies = $$"""
                    permit (principal == Agent::"unix:billing", action, resource) when {
                        principal.issuer == "unix" && principal.method == "unix-peer" && !principal.proofOfPossession &&
                        principal.claims.uid == 54321 && principal.claims.gid == 54322 && context.request.sourceIp.isLoopback()
                    };
                    permit (principal == Agent::"{{ProgramAgent}}", action, resource) when { principal.claims.executable == "{{Program}}" };
                    permit (principal == Agent::"dev:worker", action, resource);
                    """,
                MoreListeners = [new { Url = $"unix:{Path.GetFileName(SocketPath)}", Mode = "0666" }],
            },
            TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }

        if (Upstream is not null)
        {
            await Upstream.DisposeAsync();
        }

        _issuer.Dispose();
        _folder.Dispose();
    }

    /// <summary>A call through the socket.</summary>
    /// <returns>What was answered: status, the call's id and the body.</returns>
    internal async Task<(int Status, string Call, string Body)> CallAsync(string command, params string[] arguments)
    {
        await using var process = ChildProcess.Start(
            command.Split(' ')[0],
            [.. command.Split(' ').Skip(1), "--silent", "--show-error", "--max-time", "30", "--unix-socket", SocketPath, .. arguments, "--write-out", "\n%{http_code} %header{gateway-call}", "http://gateway/api/items"]);
        Assert.True(await process.WaitForExitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken) == 0, process.Output);
        var text = process.Output.TrimEnd();
        var end = text.LastIndexOf('\n');
        var last = text[(end + 1)..].Split(' ');
        return (int.Parse(last[0]), last[1], text[..Math.Max(end, 0)]);
    }
}
