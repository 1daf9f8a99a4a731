using System.Net;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Hosting;

public sealed class PolicyModeTests
{
    [Theory]
    [InlineData("Enforce", HttpStatusCode.Forbidden)]
    [InlineData("Observe", HttpStatusCode.OK)]
    public async Task Call_PolicyDenies_IsRefusedOnlyWhenEnforced(string mode, HttpStatusCode expected)
    {
        using var folder = new TemporaryFolder();
        using var issuer = new WorkloadIssuer();
        await using var upstream = await RecordingUpstream.StartAsync();
        await using var gateway = await InProcessGateway.StartAsync(folder, new GatewaySetup
        {
            Identity = issuer.Configure(folder),
            PolicyMode = mode,
            Tools = new Dictionary<string, object> { ["tool"] = new { Path = "/tool", Upstream = upstream.Url, Credential = "key" } },
            Credentials = new Dictionary<string, object>
            {
                ["key"] = new { Type = "Static", Value = $"file:{folder.Write("key", Canary.New("key"))}", Owner = "tests", NotAfter = "2099-12-31" },
            },
            Policies = """@id("nobody") forbid (principal, action, resource);""",
        });

        using var response = await gateway.GetAsync("/tool/x", issuer.Token());
        await gateway.DisposeAsync();

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK ? 1 : 0, upstream.Requests.Count);
        var record = string.Concat(Directory.GetFiles(folder.Combine("audit"), "calls-*.jsonl").Select(File.ReadAllText));
        Assert.Contains("nobody", record, StringComparison.Ordinal);
        Assert.Contains($"\"policy_mode\":\"{mode.ToLowerInvariant()}\"", record, StringComparison.Ordinal);
    }
}
