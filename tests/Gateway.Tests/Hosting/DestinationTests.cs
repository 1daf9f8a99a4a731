using System.Net;
using Gateway.Forwarding;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Hosting;

public sealed class DestinationTests
{
    /// <summary>A name other than localhost that this machine resolves to loopback only, from its hosts file.</summary>
    private static string? InternalName => ((string[])["ip6-localhost", "localhost.localdomain", Dns.GetHostName()]).FirstOrDefault(name =>
    {
        try
        {
            return Dns.GetHostAddresses(name) is { Length: > 0 } addresses && !addresses.Any(new AddressRules([]).Allows);
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    });

    [Fact]
    public async Task Call_UpstreamNameResolvesToAnInternalAddress_Is403AndNothingIsSent()
    {
        Assert.SkipWhen(InternalName is null, "This machine resolves no name but localhost to an internal address.");
        using var folder = new TemporaryFolder();
        using var issuer = new WorkloadIssuer();
        var port = FreePort.Next();
        await using var gateway = await InProcessGateway.StartAsync(folder, Setup(folder, issuer, new Dictionary<string, object>
        {
            ["guarded"] = new { Path = "/guarded", Upstream = $"http://{InternalName}:{port}", Credential = "key" },
            ["listed"] = new { Path = "/listed", Upstream = $"http://{InternalName}:{port}", Credential = "key", AllowAddresses = new[] { "0.0.0.0/0", "::/0" } },
        }));

        using var guarded = await gateway.GetAsync("/guarded/x", issuer.Token());
        using var listed = await gateway.GetAsync("/listed/x", issuer.Token());

        Assert.Equal(HttpStatusCode.Forbidden, guarded.StatusCode);
        Assert.Contains("destination_forbidden", await guarded.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // Allowed, so the connection was tried, to a port where nobody listens.
        Assert.Equal(HttpStatusCode.BadGateway, listed.StatusCode);
    }

    [Fact]
    public async Task Reload_ToolGetsAnotherUpstreamAndCredential_NoCallMixesThem()
    {
        using var folder = new TemporaryFolder();
        using var secrets = new TemporaryFolder();
        using var issuer = new WorkloadIssuer();
        await using var first = await RecordingUpstream.StartAsync();
        await using var second = await RecordingUpstream.StartAsync();
        var (firstKey, secondKey) = (Canary.New("first"), Canary.New("second"));
        GatewaySetup SetupOf(RecordingUpstream upstream, string key) => Setup(
            folder, issuer,
            new Dictionary<string, object> { ["tool"] = new { Path = "/tool", Upstream = upstream.Url, Credential = "key" } },
            $"file:{secrets.Write(key[..12], key)}");
        await using var gateway = await InProcessGateway.StartAsync(folder, SetupOf(first, firstKey));
        var runtime = (Gateway.Hosting.RuntimeConfiguration)gateway.Services.GetService(typeof(Gateway.Hosting.RuntimeConfiguration))!;
        var origin = new Gateway.Hosting.ConfigurationOrigin(folder.Combine("gateway.json"), []);
        var token = issuer.Token();
        var stopping = false;
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!Volatile.Read(ref stopping))
            {
                using var response = await gateway.GetAsync("/tool/x", token);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
        })).ToArray();

        for (var i = 0; i < 20; i++)
        {
            folder.Write("gateway.json", (i % 2 == 0 ? SetupOf(second, secondKey) : SetupOf(first, firstKey)).ConfigurationJson(FreePort.Next(), FreePort.Next(), 0));
            await runtime.ReplaceAsync(Gateway.Hosting.PlanLoader.Load(origin, thorough: false).Plan!, TestContext.Current.CancellationToken);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Volatile.Write(ref stopping, true);
        await Task.WhenAll(callers);
        Assert.NotEmpty(second.Requests);
        Assert.All(first.Requests, r => Assert.Contains(r.Headers, h => h.Value.ToString() == $"Bearer {firstKey}"));
        Assert.All(second.Requests, r => Assert.Contains(r.Headers, h => h.Value.ToString() == $"Bearer {secondKey}"));
    }

    private static GatewaySetup Setup(TemporaryFolder folder, WorkloadIssuer issuer, IReadOnlyDictionary<string, object> tools, string? value = null) => new()
    {
        Identity = issuer.Configure(folder),
        Tools = tools,
        Credentials = new Dictionary<string, object>
        {
            ["key"] = new { Type = "Static", Value = value ?? $"file:{folder.Write("key", Canary.New("key"))}", Owner = "tests", NotAfter = "2099-12-31" },
        },
        Policies = "permit (principal, action, resource);",
    };
}
