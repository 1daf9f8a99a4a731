using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Configuration;
using Gateway.Core.Audit;
using Gateway.Core.Audit.Verification;
using Gateway.Core.Tests.Audit;
using Gateway.Hosting;
using Gateway.Tests.Configuration;
using Gateway.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Hosting;

/// <summary>Which policies and which configuration were in force when, as the call log has it.</summary>
public sealed class ConfigurationEventTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly WorkloadIssuer _issuer = new();
    private InProcessGateway _gateway = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private CallLog Log => new(_folder.Combine("audit"));

    private StartupPlan Plan => _gateway.Services.GetRequiredService<StartupPlan>();

    private ConfigurationEvents Events => _gateway.Services.GetRequiredService<ConfigurationEvents>();

    public async ValueTask InitializeAsync() => _gateway = await InProcessGateway.StartAsync(_folder, new GatewaySetup
    {
        Identity = _issuer.Configure(_folder),
        Tools = new Dictionary<string, object> { ["tool"] = new { Path = "/tool", Upstream = "http://127.0.0.1:9", Credential = "key" } },
        Credentials = new Dictionary<string, object>
        {
            ["key"] = new { Type = "Static", Value = $"file:{_folder.Write("key", Canary.New("key"))}", Owner = "tests", NotAfter = "2099-12-31" },
        },
        Policies = """@id("nobody") forbid (principal, action, resource);""",
    });

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        _issuer.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Start_WithoutCalls_IsInALogThatVerifies()
    {
        var version = Plan.Policies.Version;
        await _gateway.DisposeAsync();

        var start = Assert.Single(Log.ReadChanges());
        Assert.Equal(
            ("Enable", 5, "Policy", version),
            (start.Text("activity_name"), start.GetProperty("entity").GetProperty("type_id").GetInt32(), start.Text("entity", "type"), start.Text("entity", "version")));
        Assert.Equal("""{"engine":"cedar","mode":"enforce","count":1}""", start.GetProperty("entity").GetProperty("data").GetRawText());
        Assert.Equal(2, start.GetProperty("metadata").GetProperty("sequence").GetInt32());
        using var keys = new VerificationKeys();
        keys.AddFile(_folder.Combine("audit/audit-key.pub"));
        Assert.True(new LogVerifier(_folder.Combine("audit"), keys, []).Verify().IsIntact);
    }

    [Fact]
    public async Task Replaced_OtherPolicies_SaysWhatWasAndWhatIs()
    {
        _folder.Write("others/reads.cedar", """@id("reads") permit (principal, action in Action::"read", resource);""");
        _folder.Write("others/nobody.cedar", """@id("nobody") forbid (principal, action, resource);""");
        var next = Change(("Policy:Mode", "Observe"), ("Policy:Directory", "others"));
        Events.Replaced(Plan, next);

        var policies = (await ChangesAsync()).Single(e => e.Text("entity", "type") == "Policy");
        Assert.Equal(("Update", "Success"), (policies.Text("activity_name"), policies.Text("status")));
        Assert.Equal((Plan.Policies.Version, next.Policies.Version), (policies.Text("entity", "version"), policies.Text("entity_result", "version")));
        Assert.NotEqual(Plan.Policies.Version, next.Policies.Version);
        Assert.Equal("""{"engine":"cedar","mode":"enforce","count":1}""", policies.GetProperty("entity").GetProperty("data").GetRawText());
        Assert.Equal("""{"engine":"cedar","mode":"observe","count":2}""", policies.GetProperty("entity_result").GetProperty("data").GetRawText());
    }

    [Theory]
    [InlineData("Tools:tool:Path", "/other", "Tools")]
    [InlineData("Credentials:key:Owner", "others", "Credentials")]
    [InlineData("Identity:RegisteredOnly", "true", "Identity")]
    [InlineData("Tasks:MaxLifetime", "02:00:00", "Tasks")]
    [InlineData("Policy:Mode", "Observe", "Policy")]
    public async Task Replaced_AnotherSection_IsNamedAndNothingOfIt(string key, string value, string section)
    {
        Events.Replaced(Plan, Change((key, value)));

        var configuration = (await ChangesAsync()).Single(e => e.Text("entity", "type") == "Configuration");
        Assert.Equal($$"""{"sections":["{{section}}"]}""", configuration.GetProperty("entity").GetProperty("data").GetRawText());
        Assert.Equal(("Update", "Success"), (configuration.Text("activity_name"), configuration.Text("status")));
        Assert.DoesNotContain(value, configuration.GetProperty("entity").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replaced_ByTheSame_IsNotRecorded()
    {
        Events.Replaced(Plan, Change());

        Assert.Empty(await ChangesAsync());
    }

    [Fact]
    public async Task Replaced_ByAllThatCanBeConfigured_NamesWhatDiffers()
    {
        using var folder = new ConfigurationFolder();
        var full = folder.Load(ConfigurationCanaryTests.Full).Partial!;
        Events.Replaced(Plan, Plan with { Options = full });

        var configuration = (await ChangesAsync()).Single(e => e.Text("entity", "type") == "Configuration");
        var sections = configuration.GetProperty("entity").GetProperty("data").GetProperty("sections").EnumerateArray().Select(s => s.GetString());
        Assert.Equal(OptionProperties.Of(typeof(GatewayOptions)).Select(p => p.Name), sections);
    }

    [Fact]
    public async Task Rejected_KeysOfAnyKind_OnlyKnownSectionsAreNamed()
    {
        var pasted = Canary.New("pasted");
        Events.Rejected(
        [
            new($"Gateway:{pasted}", "is unknown."), new("gateway.json", $"is no JSON: {pasted}"), new("Gateway:Tools:tool:Path", pasted), new("Gateway:Policy:Directory", $"permit {pasted}"),
        ]);

        var rejected = Assert.Single(await ChangesAsync());
        Assert.Equal("""{"sections":["Policy","Tools"]}""", rejected.GetProperty("entity").GetProperty("data").GetRawText());
        Assert.Equal(("Update", "Failure", "rejected"), (rejected.Text("activity_name"), rejected.Text("status"), rejected.Text("status_detail")));
        Assert.DoesNotContain(pasted, rejected.GetRawText(), StringComparison.Ordinal);
    }

    /// <summary>The configuration with other values, in a file that the gateway does not watch.</summary>
    private StartupPlan Change(params ReadOnlySpan<(string Key, string Value)> changes)
    {
        var root = JsonNode.Parse(File.ReadAllText(_folder.Combine("gateway.json")))!;
        foreach (var (key, value) in changes)
        {
            var names = key.Split(':');
            var node = root["Gateway"]!;
            foreach (var name in names[..^1])
            {
                node = node[name] ??= new JsonObject();
            }

            node[names[^1]] = value == "true" ? true : value;
        }

        var result = PlanLoader.Load(new ConfigurationOrigin(_folder.Write("next.json", root.ToJsonString()), []), thorough: false);
        Assert.Empty(result.Errors);
        return result.Plan!;
    }

    /// <summary>What is in the log since the start.</summary>
    private async Task<IReadOnlyList<JsonElement>> ChangesAsync()
    {
        await _gateway.Services.GetRequiredService<ICallJournal>().FlushAsync(Stop);
        var changes = Log.ReadChanges();
        if (OcsfSchemas.Directory is not null)
        {
            Assert.All(changes, change => Assert.Empty(OcsfSchemas.Validate(change.GetRawText())));
        }

        return [.. changes.Skip(1)];
    }
}
