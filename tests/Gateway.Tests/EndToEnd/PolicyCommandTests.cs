using System.Text.Json;
using Gateway.Cedar;

namespace Gateway.Tests.EndToEnd;

/// <summary><c>gateway policy …</c> as an operator or a build types it.</summary>
public sealed class PolicyCommandTests : IDisposable
{
    private const string Sound = """
        @id("acme") permit (principal, action == Action::"api/items.get", resource) when { context.params.owner == "acme" };
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly WorkloadIssuer _issuer = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _issuer.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Check_SoundPolicies_SaysHowManyThereAre()
    {
        Write(Sound);

        var (code, output, errors) = await RunAsync("policy", "check", "--config", "gateway.json");

        Assert.True(code == 0, errors);
        Assert.Equal($"{_folder.Combine("policies")}: 1 policy, 0 errors, 0 warnings.\n", output);
    }

    [Theory]
    [InlineData("policy", "check")]
    [InlineData("validate")]
    [InlineData("run")]
    public async Task Policies_WithMistakes_AreAllNamedAtOnce(params string[] verb)
    {
        Write("""
            @id("typo") permit (principal, action == Action::"api/items.gett", resource);
            @id("open") forbid (principal, action, resource) when { context.intent == "x" };
            @id("meek") permit (principal, action, resource) when { context.intent == "x" };
            @id("lost") permit (principal in AgentGroup::"nobody", action, resource);
            """);

        var (code, _, errors) = await RunAsync([.. verb, "--config", "gateway.json"]);

        Assert.Equal(2, code);
        var file = _folder.Combine("policies/test.cedar");
        Assert.Contains($"error: Gateway:Policy:Directory: {file}:1:32: error: policy `typo`: there is no action `Action::\"api/items.gett\"`, did you mean `Action::\"api/items.get\"`?", errors, StringComparison.Ordinal);
        Assert.Contains($"error: Gateway:Policy:Directory: {file}:2:65: error: policy `open`: `context.intent` may be absent", errors, StringComparison.Ordinal);
        Assert.Contains($"warning: Gateway:Policy:Directory: {file}:3:65: warning: policy `meek`: `context.intent` may be absent", errors, StringComparison.Ordinal);
        Assert.Contains("warning: policy `lost`: no configured agent is in the group \"nobody\"", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_Configuration_IsPrintedInBothFormats()
    {
        // A policy that cannot be read does not keep one from the schema, by which to mend it.
        Write("permit (");

        var (code, text, errors) = await RunAsync("policy", "schema", "--config", "gateway.json");
        var (jsonCode, json, _) = await RunAsync("policy", "schema", "--json", "--config", "gateway.json");

        Assert.True((code, jsonCode) == (0, 0), errors);
        Assert.Contains("action \"api/items.get\" in [\"api/*\", \"read\"]", text, StringComparison.Ordinal);
        Assert.Equal(CedarSchema.Parse(text).GetValueOrThrow().ToJson(), CedarSchema.ParseJson(json).GetValueOrThrow().ToJson());
    }

    [Theory]
    [InlineData("acme", 0, "allow\n  permitted by acme (")]
    [InlineData("beta", 1, "deny\n  no policy permits it\n  near: acme (")]
    public async Task Explain_RequestInAFile_PrintsTheDecisionAndWhy(string owner, int expected, string words)
    {
        Write(Sound);
        _folder.Write("request.json", Request(owner));

        var (code, output, errors) = await RunAsync("policy", "explain", "--request", "request.json", "--config", "gateway.json");

        Assert.True(code == expected, errors);
        Assert.StartsWith($"dev:worker -> api/items.get: {words}", output, StringComparison.Ordinal);
        if (expected == 1)
        {
            Assert.Contains("not met: context.params.owner == \"acme\" (", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Explain_RequestOnStandardInput_PrintsJson()
    {
        Write(Sound);

        var (code, output, errors) = await RunWithInputAsync(Request("beta"), "policy", "explain", "--json", "--request", "-", "--config", "gateway.json");

        Assert.True(code == 1, errors);
        using var document = JsonDocument.Parse(output);
        Assert.Equal("deny", document.RootElement.GetProperty("decision").GetString());
        var near = Assert.Single(document.RootElement.GetProperty("near").EnumerateArray());
        Assert.Equal(("acme", "condition"), (near.GetProperty("id").GetString(), near.GetProperty("failed").GetString()));
        Assert.Equal($"{_folder.Combine("policies/test.cedar")}:1:{Sound.IndexOf("context.params", StringComparison.Ordinal) + 1}", near.GetProperty("conditionAt").GetString());
    }

    [Fact]
    public async Task Explain_MistakesInTheRequest_AreAllNamed()
    {
        Write(Sound);

        var (code, output, errors) = await RunWithInputAsync("""{ "agent": "nobody:x", "tool": "apy" }""", "policy", "explain", "--request", "-", "--config", "gateway.json");

        Assert.Equal((2, ""), (code, output));
        Assert.Contains("error: request: agent begins with", errors, StringComparison.Ordinal);
        Assert.Contains("error: request: tool names no entry of Gateway:Tools; did you mean api?", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Format_Files_AreRewrittenOnce()
    {
        Write(Sound);
        var file = _folder.Combine("policies/test.cedar");
        var good = _folder.Write("policies/good.cedar", "permit (principal, action, resource);\n");

        var (unformatted, named, _) = await RunAsync("policy", "format", "--check", "--config", "gateway.json");
        Assert.Equal((1, $"{file}\n", Sound), (unformatted, named, await File.ReadAllTextAsync(file, Stop)));

        var (first, _, errors) = await RunAsync("policy", "format", file, good);
        Assert.True(first == 0, errors);
        Assert.Equal(PolicyFormatter.Format(Sound).GetValueOrThrow(), await File.ReadAllTextAsync(file, Stop));
        Assert.Equal(2, Directory.GetFiles(_folder.Combine("policies")).Length);

        var (again, nothing, _) = await RunAsync("policy", "format", "--check", file, good);
        Assert.Equal((0, ""), (again, nothing));
    }

    [Fact]
    public async Task Format_FileThatIsNoPolicy_IsLeftAndNamed()
    {
        var file = _folder.Write("broken.cedar", "permit (");

        var (code, output, errors) = await RunAsync("policy", "format", "broken.cedar", "missing.cedar");

        Assert.Equal((2, "", "permit ("), (code, output, await File.ReadAllTextAsync(file, Stop)));
        Assert.Contains("broken.cedar:1:9: error: ", errors, StringComparison.Ordinal);
        Assert.Contains("error: missing.cedar: ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Format_PoliciesOfTheRepository_AreFormatted()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "config"), "*.cedar", SearchOption.AllDirectories);
        Assert.NotEmpty(files);

        var (code, output, _) = await RunAsync(["policy", "format", "--check", .. files]);

        Assert.True(code == 0, output);
    }

    private static string Request(string owner) =>
        $$"""{ "agent": "dev:worker", "tool": "api", "operation": "items.get", "params": { "owner": "{{owner}}", "id": "1" } }""";

    private void Write(string policies)
    {
        var setup = new GatewaySetup
        {
            Identity = _issuer.Configure(_folder),
            Tools = new Dictionary<string, object>
            {
                ["api"] = new { Path = "/api", Upstream = "http://127.0.0.1:9", Credential = "key", Operations = new Dictionary<string, string> { ["items.get"] = "GET /items/{owner}/{id}" } },
            },
            Credentials = new Dictionary<string, object>
            {
                ["key"] = new { Type = "Static", Value = $"file:{_folder.Write("key", Canary.New("static"))}", Owner = "tests", NotAfter = "2099-12-31" },
            },
            Policies = policies,
        };
        _folder.Write("gateway.json", setup.ConfigurationJson(FreePort.Next(), FreePort.Next(), 0));
        _folder.Write("policies/test.cedar", policies);
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => RunWithInputAsync("", arguments);

    private async Task<(int Code, string Output, string Errors)> RunWithInputAsync(string input, params string[] arguments)
    {
        await using var process = ChildProcess.Start("dotnet", [Repository.GatewayAssembly, .. arguments], folder: _folder.Path, input: input);
        var code = await process.WaitForExitAsync(TimeSpan.FromSeconds(60), Stop);
        return (code, process.Answer, process.Errors);
    }
}
