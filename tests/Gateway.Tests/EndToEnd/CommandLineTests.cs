using System.Net;
using System.Net.Sockets;

namespace Gateway.Tests.EndToEnd;

/// <summary>What an operator types, and how the process ends.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WorkloadIssuer _issuer = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _issuer.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("run", "--confg")]
    [InlineData("validate", "--confg")]
    [InlineData("run", "--verbose")]
    public async Task Switch_Mistyped_IsNamedAndNothingIsServed(string verb, string mistyped)
    {
        // The default's place, so that only the switch is wrong.
        WriteConfiguration("config/gateway.json");

        var (code, errors) = await RunAsync(verb, mistyped, "config/gateway.json");

        Assert.Equal(2, code);
        Assert.Contains(mistyped, errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Combine("config/audit")), "It started.");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(2, "rum")]
    [InlineData(2, "validate", "--config")]
    [InlineData(2, "policy", "explain")]
    [InlineData(2, "policy", "format", "--chek")]
    [InlineData(2, "secrets", "set")]
    [InlineData(2, "calls", "--limt", "1")]
    [InlineData(2, "tasks", "end")]
    [InlineData(2, "exec")]
    [InlineData(2, "audit", "verfy")]
    [InlineData(1, "audit", "verify")]
    [InlineData(1, "audit", "verify", ".", "--public-kee", "x")]
    [InlineData(0, "--help")]
    public async Task CommandLine_Wrong_ExitsAsTheVerbsContractSays(int expected, params string[] arguments)
    {
        var (code, errors) = await RunAsync(arguments);

        Assert.True(code == expected, $"{code}: {errors}");
    }

    [Fact]
    public async Task Setting_OnTheCommandLine_OverridesTheFile()
    {
        await using var upstream = await RecordingUpstream.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(
            _folder, Setup(upstream.Url) with { Arguments = ["--Gateway:Tools:api:Path=/renamed", "--Gateway:Tools:api:Timeout", "00:00:30"] }, Stop);

        using var renamed = await gateway.SendAsync(HttpMethod.Get, "/renamed/x", _issuer.Token(), Stop);
        using var old = await gateway.SendAsync(HttpMethod.Get, "/api/x", _issuer.Token(), Stop);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (renamed.StatusCode, old.StatusCode));
        Assert.Equal("/x", upstream.Single.Target);
    }

    [Fact]
    public async Task Setting_OnTheCommandLineWrong_IsReportedUnderItsKey()
    {
        WriteConfiguration("gateway.json");

        var (code, errors) = await RunAsync("validate", "--config", "gateway.json", "--Gateway:Tools:api:Path=renamed");

        Assert.Equal(2, code);
        Assert.Contains("error: Gateway:Tools:api:Path: ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_PortInUse_NamesTheListenersKeyInOneLine()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        WriteConfiguration("gateway.json", ((IPEndPoint)taken.LocalEndpoint).Port);

        await AssertListenerRefusedAsync();
    }

    [Fact]
    public async Task Run_AddressOfAnotherMachine_NamesTheListenersKeyInOneLine()
    {
        WriteConfiguration("gateway.json");

        // TEST-NET-1 (RFC 5737) is nobody's.
        await AssertListenerRefusedAsync($"--Gateway:Listeners:Agents:0:Url=http://192.0.2.1:{FreePort.Next()}");
    }

    [Fact]
    public async Task Validate_SecretNotStored_WarnsAndSucceeds()
    {
        WriteConfiguration("gateway.json", credential: "secret:forgotten");

        var (code, errors) = await RunAsync("validate", "--config", "gateway.json");

        Assert.True(code == 0, errors);
        var warning = Assert.Single(Lines(errors), l => l.StartsWith("warning: ", StringComparison.Ordinal));
        Assert.StartsWith("warning: Gateway:Credentials:key", warning, StringComparison.Ordinal);
        Assert.Contains("secret:forgotten", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("run")]
    public async Task Policy_WithAnUnknownCredential_IsAnError(string verb)
    {
        WriteConfiguration("gateway.json", policies: """@id("all") @credential("nope") permit (principal, action, resource);""");

        var (code, errors) = await RunAsync(verb, "--config", "gateway.json");

        Assert.True(code == 2, errors);
        var error = Assert.Single(Lines(errors), l => l.StartsWith("error: ", StringComparison.Ordinal));
        Assert.StartsWith("error: Gateway:Policy:Directory: ", error, StringComparison.Ordinal);
        Assert.Contains("policy `all`: @credential", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sigterm_CallUnderWay_LetsItFinishAndRecordsIt()
    {
        var reached = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync();
        upstream.Answer = async (_, context) =>
        {
            reached.SetResult();

            // Longer than the command line library's own patience with SIGTERM, which is two seconds.
            await Task.Delay(TimeSpan.FromSeconds(4), context.RequestAborted);
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, "late", context.RequestAborted);
        };
        await using var gateway = await GatewayProcess.StartAsync(_folder, Setup(upstream.Url), Stop);
        var call = gateway.SendAsync(HttpMethod.Get, "/api/x", _issuer.Token(), Stop);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);

        var code = await gateway.StopAsync(Stop);

        using var response = await call;
        Assert.Equal((HttpStatusCode.OK, "late"), (response.StatusCode, await response.Content.ReadAsStringAsync(Stop)));
        Assert.True(code == 0, gateway.Output);
        var logged = Assert.Single(gateway.Log.ReadAll());
        Assert.Contains(response.CallId(), logged.GetRawText(), StringComparison.Ordinal);
        Assert.Equal((200, true), (logged.Status(), logged.Forwarded()));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task AssertListenerRefusedAsync(params string[] arguments)
    {
        var (code, errors) = await RunAsync(["run", "--config", "gateway.json", .. arguments]);

        Assert.True(code == 2, errors);
        Assert.StartsWith("error: Gateway:Listeners:Agents:0:Url: ", Assert.Single(Lines(errors), l => !l.StartsWith("warning: ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private GatewaySetup Setup(string upstream, string? credential = null, string? policies = null) => new()
    {
        Identity = _issuer.Configure(_folder),
        Tools = new Dictionary<string, object> { ["api"] = new { Path = "/api", Upstream = upstream, Credential = "key" } },
        Credentials = new Dictionary<string, object>
        {
            ["key"] = new { Type = "Static", Value = credential ?? $"file:{_folder.Write("key", Canary.New("static"))}", Owner = "tests", NotAfter = "2099-12-31" },
        },
        Policies = policies ?? "permit (principal, action, resource);",
    };

    private void WriteConfiguration(string path, int? port = null, string? credential = null, string? policies = null)
    {
        var setup = Setup("http://127.0.0.1:9", credential, policies);
        _folder.Write(path, setup.ConfigurationJson(port ?? FreePort.Next(), FreePort.Next(), 0));
        _folder.Write(Path.Combine(Path.GetDirectoryName(path) ?? "", "policies/test.cedar"), setup.Policies);
    }

    private async Task<(int Code, string Errors)> RunAsync(params string[] arguments)
    {
        await using var process = ChildProcess.Start("dotnet", [Repository.GatewayAssembly, .. arguments], folder: _folder.Path);
        var code = await process.WaitForExitAsync(TimeSpan.FromSeconds(60), Stop);
        return (code, process.Errors);
    }
}
