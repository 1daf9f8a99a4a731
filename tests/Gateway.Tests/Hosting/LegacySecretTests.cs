using System.Globalization;
using System.Net;
using Gateway.Admin;
using Gateway.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Tests.Hosting;

public sealed class LegacySecretTests
{
    [Theory]
    [InlineData(10, true)]
    [InlineData(100, false)]
    public async Task Call_WithALongLivedSecret_IsRecordedAsAnExceptionWithItsEnd(int days, bool expiresSoon)
    {
        using var folder = new TemporaryFolder();
        using var issuer = new WorkloadIssuer();
        await using var upstream = await RecordingUpstream.StartAsync();
        var notAfter = TimeProvider.System.GetUtcNow().AddDays(days);
        await using var gateway = await StartAsync(folder, issuer, upstream, notAfter);

        using var response = await gateway.GetAsync("/tool/x", issuer.Token());
        var health = await ActivatorUtilities.CreateInstance<CredentialHealth>(gateway.Services).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
        await gateway.DisposeAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var logged = Assert.Single(new CallLog(folder.Combine("audit")).ReadAll());
        var legacy = logged.GetProperty("unmapped").GetProperty("gateway").GetProperty("legacy_secret");
        Assert.Equal(
            ("crm team", notAfter.ToUnixTimeSeconds() * 1000, expiresSoon),
            (legacy.Text("owner"), legacy.GetProperty("not_after").GetInt64(), legacy.GetProperty("expires_soon").GetBoolean()));
        Assert.Equal(expiresSoon ? HealthStatus.Degraded : HealthStatus.Healthy, health.Status);
        Assert.Contains("static, ", (string)health.Data["key"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_LeaseOfALongLivedSecret_IsInTheLogFromIssueToEnd()
    {
        using var folder = new TemporaryFolder();
        using var issuer = new WorkloadIssuer();
        await using var upstream = await RecordingUpstream.StartAsync();
        await using var gateway = await StartAsync(folder, issuer, upstream, TimeProvider.System.GetUtcNow().AddDays(100));
        for (var i = 0; i < 3; i++)
        {
            using var response = await gateway.GetAsync("/tool/x", issuer.Token());
        }

        await gateway.DisposeAsync();

        var log = new CallLog(folder.Combine("audit"));
        var lease = log.ReadAll()[0].Text("api", "token", "uid");
        Assert.Equal(["Create", "Delete"], log.ReadEntities().Select(e => e.Text("activity_name")));
        Assert.All(log.ReadEntities(), e => Assert.Equal(lease, e.Text("entity", "uid")));
        var end = log.ReadEntities()[1].GetProperty("entity").GetProperty("data");
        Assert.Equal((3, "unsupported"), (end.GetProperty("uses").GetInt32(), end.Text("revoke_result")));
        Assert.All(log.ReadLines().Index(), l => Assert.Equal(l.Index + 1, l.Item.GetProperty("metadata").GetProperty("sequence").GetInt64()));
    }

    private static Task<InProcessGateway> StartAsync(TemporaryFolder folder, WorkloadIssuer issuer, RecordingUpstream upstream, DateTimeOffset notAfter) =>
        InProcessGateway.StartAsync(folder, new GatewaySetup
        {
            Identity = issuer.Configure(folder),
            Tools = new Dictionary<string, object> { ["tool"] = new { Path = "/tool", Upstream = upstream.Url, Credential = "key" } },
            Credentials = new Dictionary<string, object>
            {
                ["key"] = new
                {
                    Type = "Static",
                    Value = $"file:{folder.Write("key", Canary.New("key"))}",
                    Owner = "crm team",
                    NotAfter = notAfter.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
                },
            },
            Policies = """@id("all") permit (principal, action, resource);""",
        });
}
