using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace Gateway.Tests.EndToEnd;

/// <summary>An operator sees every mistake at once, whichever command looks at the configuration.</summary>
public sealed class StartupErrorTests
{
    private const string FiveMistakes = """
        {
          "Gateway": {
            "Listeners": { "Agents": [ { "Url": "http://127.0.0.1:99999" } ], "Admin": { "Url": "http://127.0.0.1:8081" } },
            "Identity": { "Issuers": { "dev": { "Issuer": "https://issuer.test", "Audiences": ["gateway"], "JwksUri": "not a url" } } },
            "Tools": { "api": { "Path": "api", "Upstream": "https://api.example.com", "Credential": "missing", "Opertions": {} } },
            "Credentials": { "key": { "Type": "Static", "Value": "hunter2-in-clear-text", "Owner": "crm", "NotAfter": "2099-12-31" } }
          }
        }
        """;

    private static readonly string[] Keys =
    [
        "Gateway:Listeners:Agents:0:Url",
        "Gateway:Identity:Issuers:dev:JwksUri",
        "Gateway:Tools:api:Path",
        "Gateway:Tools:api:Opertions",
        "Gateway:Credentials:key:Value",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("run")]
    [InlineData("validate")]
    public async Task Configuration_WithFiveMistakes_AllAreNamedAndNoneIsQuoted(string verb)
    {
        using var folder = new TemporaryFolder();
        folder.Write("policies/test.cedar", "permit (principal, action, resource);");
        var configuration = folder.Write("gateway.json", FiveMistakes);

        await using var gateway = ChildProcess.Start("dotnet", [Repository.GatewayAssembly, verb, "--config", configuration]);

        Assert.True(await gateway.WaitForExitAsync(TimeSpan.FromSeconds(60), Stop) == 2, gateway.Output);
        Assert.All(Keys, key => Assert.Contains(key, gateway.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", gateway.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Combine("data")), "A gateway that does not start leaves nothing behind.");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Run_PortsTakenKeyMissingTokenShared_AllAreNamedAtOnce()
    {
        using var scene = new Scene();
        using var agents = Take();
        using var admin = Take();
        File.SetUnixFileMode(scene.Folder.Write("data/admin-token", new string('a', 43)), UnixFileMode.UserRead | UnixFileMode.OtherRead);

        var lines = await scene.RunAsync(Port(agents), Port(admin), "--Gateway:Audit:SigningKey=secret:nowhere");

        Assert.Equal(
            ["Gateway:Listeners:Agents:0:Url", "Gateway:Listeners:Admin:Url", "Gateway:Audit:SigningKey", "Gateway:DataDirectory"],
            lines.Select(line => line.Split(": ")[1]));
        Assert.Contains("gateway secrets set nowhere", lines[2], StringComparison.Ordinal);
        Assert.Contains("admin-token: others than the gateway's user may read it", lines[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not a key", "It is not an unencrypted private key")]
    [InlineData(null, "there is no such file")]
    public async Task Run_SigningKeyThatIsNone_NamesItsKeyAndQuotesNothing(string? content, string said)
    {
        using var scene = new Scene();
        var key = scene.Folder.Combine("key.pem");
        if (content is not null)
        {
            await File.WriteAllTextAsync(key, content, Stop);
        }

        var line = Assert.Single(await scene.RunAsync(FreePort.Next(), FreePort.Next(), $"--Gateway:Audit:SigningKey=file:{key}"));

        Assert.StartsWith("error: Gateway:Audit:SigningKey: ", line, StringComparison.Ordinal);
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.DoesNotContain("not a key", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DataDirectoryThatCannotBeMade_NamesItsKey()
    {
        using var scene = new Scene();
        scene.Folder.Write("file", "");

        var line = Assert.Single(await scene.RunAsync(FreePort.Next(), FreePort.Next(), $"--Gateway:DataDirectory={scene.Folder.Combine("file/data")}"));

        Assert.StartsWith($"error: Gateway:DataDirectory: {scene.Folder.Combine("file")} is a file", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("state.db")]
    [InlineData("audit-key.pem")]
    [InlineData("audit-key.pub/a")]
    [InlineData("admin-token")]
    [UnsupportedOSPlatform("windows")]
    public async Task Run_DamagedDataDirectory_IsNamedWithoutAStackTrace(string file)
    {
        using var scene = new Scene();
        File.SetUnixFileMode(scene.Folder.Write($"data/{file}", "damaged"), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var line = Assert.Single(await scene.RunAsync(FreePort.Next(), FreePort.Next()));

        Assert.StartsWith("error: Gateway:DataDirectory: ", line, StringComparison.Ordinal);
    }

    private static TcpListener Take()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>A configuration without a mistake, in a folder where something else is wrong.</summary>
    private sealed class Scene : IDisposable
    {
        private readonly WorkloadIssuer _issuer = new();

        public TemporaryFolder Folder { get; } = new();

        public void Dispose()
        {
            _issuer.Dispose();
            Folder.Dispose();
        }

        /// <returns>The errors of a gateway that refused to start.</returns>
        public async Task<IReadOnlyList<string>> RunAsync(int agents, int admin, params string[] arguments)
        {
            var setup = new GatewaySetup
            {
                Identity = _issuer.Configure(Folder),
                Tools = new Dictionary<string, object>(),
                Credentials = new Dictionary<string, object>(),
                Policies = "permit (principal, action, resource);",
            };
            Folder.Write("policies/test.cedar", setup.Policies);
            var configuration = Folder.Write("gateway.json", setup.ConfigurationJson(agents, admin, 0));
            await using var gateway = ChildProcess.Start("dotnet", [Repository.GatewayAssembly, "run", "--config", configuration, .. arguments]);
            Assert.True(await gateway.WaitForExitAsync(TimeSpan.FromSeconds(60), Stop) == 2, gateway.Output);
            Assert.DoesNotContain("   at ", gateway.Output, StringComparison.Ordinal);
            return [.. gateway.Errors.Split('\n').Where(line => line.StartsWith("error: ", StringComparison.Ordinal))];
        }
    }
}
