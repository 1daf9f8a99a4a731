using System.Net;
using Gateway.Core.Credentials;
using Gateway.Integrations.Secrets;

namespace Gateway.Tests.EndToEnd;

/// <summary><c>gateway secrets</c>: a value goes in through standard input, and comes out at an upstream only.</summary>
public sealed class SecretsCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Data => _folder.Combine("data");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task Set_FromStandardInput_StoresTheValueWithoutTheLineEndEncrypted(string lineEnd)
    {
        var secret = Canary.New("stored");

        var (code, output, errors) = await RunAsync($"{secret}{lineEnd}", "set", "api-key");

        Assert.True(code == 0, errors);
        Assert.Contains("secret:api-key", output, StringComparison.Ordinal);
        Assert.Equal("", errors);
        Canary.AssertAbsent(secret, output, "The output");
        Assert.NotEmpty(Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories));
        Canary.AssertAbsentFromFolder(secret, Data);
        Assert.All(
            Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories),
            file => Assert.True((new FileInfo(file).UnixFileMode & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) == UnixFileMode.None, $"{file} is open to others."));
        var reference = new SecretReference(SecretReference.StoreScheme, "api-key");
        Assert.Equal(secret, (await new EncryptedSecretStore(Data, TimeProvider.System).ReadAsync(reference, Stop)).Reveal());
    }

    [Fact]
    public async Task List_BeforeAndAfterRemove_ShowsNamesAndNoValue()
    {
        var (first, second) = (Canary.New("first"), Canary.New("second"));
        await RunAsync(first, "set", "first-key");
        await RunAsync(second, "set", "second-key");

        var (code, output, _) = await RunAsync("", "list");

        Assert.Equal(0, code);
        Assert.Equal(["first-key", "second-key"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')[0]));
        Canary.AssertAbsent(first, output, "The list");
        Canary.AssertAbsent(second, output, "The list");

        Assert.Equal(0, (await RunAsync("", "remove", "first-key")).Code);
        Assert.DoesNotContain("first-key", (await RunAsync("", "list")).Output, StringComparison.Ordinal);
        var (again, _, errors) = await RunAsync("", "remove", "first-key");
        Assert.Equal(1, again);
        Assert.Contains("no secret of that name", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("has space", "value", "letters, digits")]
    [InlineData("../up", "value", "letters, digits")]
    [InlineData("api-key", "", "1 byte to 64 KiB")]
    [InlineData("api-key", "\n", "1 byte to 64 KiB")]
    public async Task Set_NameOrValueUnusable_IsExitCode2AndSaysWhy(string name, string value, string explanation)
    {
        var (code, _, errors) = await RunAsync(value, "set", name);

        Assert.Equal(2, code);
        Assert.Contains(explanation, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Set_WhileTheGatewayRuns_IsPickedUpAndNeverRestsInTheClear()
    {
        using var issuer = new WorkloadIssuer();
        await using var upstream = await RecordingUpstream.StartAsync();
        var secret = Canary.New("late");
        await using var gateway = await GatewayProcess.StartAsync(
            _folder,
            new GatewaySetup
            {
                Identity = issuer.Configure(_folder),
                Tools = new Dictionary<string, object> { ["api"] = new { Path = "/api", Upstream = upstream.Url, Credential = "key" } },
                Credentials = new Dictionary<string, object> { ["key"] = new { Type = "Static", Value = "secret:api-key", Owner = "tests", NotAfter = "2099-12-31" } },
                Policies = "permit (principal, action, resource);",
            },
            Stop);
        using var early = await gateway.SendAsync(HttpMethod.Get, "/api/x", issuer.Token(), Stop);
        await Problem.AssertAsync(early, HttpStatusCode.ServiceUnavailable, "credential_unavailable", Stop);

        var (code, _, errors) = await RunAsync(secret, "set", "api-key");

        Assert.True(code == 0, errors);
        await Eventually.TrueAsync(
            async () => (await gateway.SendAsync(HttpMethod.Get, "/api/x", issuer.Token(), Stop)).StatusCode == HttpStatusCode.OK,
            () => gateway.Output,
            Stop);
        Assert.Equal($"Bearer {secret}", upstream.Single.Value("Authorization"));
        Canary.AssertAbsentFrom(gateway, secret);
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(string input, params string[] arguments)
    {
        await using var process = ChildProcess.Start("dotnet", [Repository.GatewayAssembly, "secrets", .. arguments, "--data", Data], folder: _folder.Path, input: input);
        var code = await process.WaitForExitAsync(TimeSpan.FromSeconds(60), Stop);
        return (code, process.Output, process.Errors);
    }
}
