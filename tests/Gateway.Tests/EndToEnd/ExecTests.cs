namespace Gateway.Tests.EndToEnd;

/// <summary>A program started by <c>gateway exec</c>.</summary>
public sealed class ExecTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    public ExecTests()
    {
        var setup = new GatewaySetup
        {
            Identity = new { },
            Tools = new Dictionary<string, object> { ["my-api"] = new { Path = "/api", Upstream = "https://api.example", Credential = "key" } },
            Credentials = new Dictionary<string, object> { ["key"] = new { Type = "Static", Value = "env:KEY", Owner = "tests", NotAfter = "2099-12-31" } },
            Policies = "",
        };
        _folder.Write("gateway.json", setup.ConfigurationJson(8080, 8081, 0));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Exec_Program_FindsTheToolsAndItsExitCodeIsTheOutcome()
    {
        await using var process = Start("--", "sh", "-c", "echo $GATEWAY_URL $MY_API_BASE_URL $1; exit 7", "-", "--help");

        Assert.Equal(7, await process.WaitForExitAsync(Patience, Stop));
        Assert.Equal("http://127.0.0.1:8080 http://127.0.0.1:8080/api --help", process.Output.Trim());
    }

    [Fact]
    public async Task Exec_Url_IsUsedInstead()
    {
        await using var process = Start("--url", "http://127.0.0.1:8082", "--", "printenv", "MY_API_BASE_URL");

        Assert.Equal(0, await process.WaitForExitAsync(Patience, Stop));
        Assert.Equal("http://127.0.0.1:8082/api", process.Output.Trim());
    }

    [Fact]
    public async Task Exec_Terminated_LetsTheProgramDecide()
    {
        await using var process = Start("--", "sh", "-c", "trap 'echo told; exit 5' TERM; echo ready; while :; do sleep 0.05; done");
        Assert.Equal("ready", await process.ReadLineAsync(Patience, Stop));

        Assert.Equal(5, await process.StopAsync(Stop));
        Assert.Contains("told", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exec_NoSuchProgram_SaysSo()
    {
        await using var process = Start("--", "no-such-program");

        Assert.Equal(127, await process.WaitForExitAsync(Patience, Stop));
        Assert.Contains("no-such-program", process.Errors, StringComparison.Ordinal);
    }

    private ChildProcess Start(params string[] arguments) =>
        ChildProcess.Start("dotnet", [Repository.GatewayAssembly, "exec", "--config", "gateway.json", .. arguments], folder: _folder.Path);
}
