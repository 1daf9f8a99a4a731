using System.Net;

namespace Gateway.Tests.EndToEnd;

/// <summary>A changed file takes effect as a whole or not at all, while calls go on.</summary>
public sealed class ReloadTests : IAsyncLifetime
{
    private const string PermitReads = """@id("reads") permit (principal, action in Action::"read", resource);""";
    private const string PermitNothing = """@id("nothing") forbid (principal, action, resource);""";

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _secrets = new();
    private readonly WorkloadIssuer _issuer = new();
    private RecordingUpstream _upstream = null!;
    private GatewayProcess _gateway = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _upstream = await RecordingUpstream.StartAsync();
        _gateway = await GatewayProcess.StartAsync(
            _folder,
            new GatewaySetup
            {
                Identity = _issuer.Configure(_folder),
                Tools = new Dictionary<string, object> { ["api"] = new { Path = "/api", Upstream = _upstream.Url, Credential = "key" } },
                Credentials = new Dictionary<string, object>
                {
                    ["key"] = new { Type = "Static", Value = $"file:{_secrets.Write("key", Canary.New("static"))}", Owner = "tests", NotAfter = "2099-12-31" },
                },
                Policies = PermitReads,
            },
            Stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        if (_upstream is not null)
        {
            await _upstream.DisposeAsync();
        }

        _issuer.Dispose();
        _secrets.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("permit (principal, action")]
    [InlineData("permit (principal, action, resource) when { principal.nonsense( };")]
    [InlineData("}")]
    [InlineData("""permit (principal, action == Action::"api/GETT", resource);""")]
    [InlineData("""forbid (principal, action, resource) when { context.intent == "x" };""")]
    public async Task Policy_Broken_OldOneStaysAndReadinessSaysSo(string broken)
    {
        await AssertStatusAsync(HttpStatusCode.OK);
        await _gateway.WaitForReadinessAsync("configuration", "healthy", Stop);

        _folder.Write("policies/test.cedar", broken);
        await _gateway.WaitForReadinessAsync("configuration", "degraded", Stop);
        await AssertStatusAsync(HttpStatusCode.OK);

        // Degraded, yet ready: the last good configuration serves.
        using var ready = await _gateway.Client.GetAsync(new Uri(_gateway.Admin, "/healthz/ready"), Stop);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Contains("test.cedar", _gateway.Output, StringComparison.Ordinal);

        _folder.Write("policies/test.cedar", PermitNothing);
        await _gateway.WaitForReadinessAsync("configuration", "healthy", Stop);
        await AssertStatusAsync(HttpStatusCode.Forbidden);
        await Eventually.TrueAsync(() => Task.FromResult(_gateway.Log.ReadChanges().Count >= 3), () => "The reloads are not in the call log.", Stop);
        var (start, rejected, changed) = _gateway.Log.ReadChanges() switch { [var a, var b, var c] => (a, b, c), var others => throw new InvalidOperationException($"{others.Count} changes") };
        Assert.Equal(("Enable", "Failure", "rejected"), (start.Text("activity_name"), rejected.Text("status"), rejected.Text("status_detail")));
        Assert.Equal(start.Text("entity", "version"), changed.Text("entity", "version"));
        Assert.NotEqual(start.Text("entity", "version"), changed.Text("entity_result", "version"));
        Assert.DoesNotContain("nonsense", string.Concat(_gateway.Log.ReadChanges().Select(e => e.GetRawText())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configuration_Broken_OldOneStaysAndReadinessSaysSo()
    {
        await AssertStatusAsync(HttpStatusCode.OK);
        var good = await File.ReadAllTextAsync(_folder.Combine("gateway.json"), Stop);

        // Half a change: the credential's new name is wrong, so the new path must not be in force either.
        _folder.Write("gateway.json", good.Replace("\"Credential\": \"key\"", "\"Credential\": \"kee\"", StringComparison.Ordinal).Replace("\"Path\": \"/api\"", "\"Path\": \"/new\"", StringComparison.Ordinal));
        await _gateway.WaitForReadinessAsync("configuration", "degraded", Stop);
        await AssertStatusAsync(HttpStatusCode.OK);
        await AssertStatusAsync(HttpStatusCode.NotFound, "/new/x");

        _folder.Write("gateway.json", "{ this is not JSON");
        await AssertStatusAsync(HttpStatusCode.OK);

        _folder.Write("gateway.json", good.Replace("\"Path\": \"/api\"", "\"Path\": \"/new\"", StringComparison.Ordinal));
        await _gateway.WaitForReadinessAsync("configuration", "healthy", Stop);
        await AssertStatusAsync(HttpStatusCode.OK, "/new/x");
        await AssertStatusAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Configuration_PartThatNeedsARestart_WaitsAloneAndIsNamed()
    {
        var good = await File.ReadAllTextAsync(_folder.Combine("gateway.json"), Stop);
        var renamed = good.Replace("\"Path\": \"/api\"", "\"Path\": \"/new\"", StringComparison.Ordinal);

        _folder.Write("gateway.json", renamed.Replace("\"Directory\": \"audit\"", "\"Directory\": \"elsewhere\"", StringComparison.Ordinal));
        await _gateway.WaitForReadinessAsync("configuration", "degraded", Stop);

        await AssertStatusAsync(HttpStatusCode.OK, "/new/x");
        Assert.Contains("Gateway:Audit takes effect after a restart", _gateway.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Combine("elsewhere")));

        _folder.Write("policies/test.cedar", PermitNothing);
        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await _gateway.SendAsync(HttpMethod.Get, "/new/x", _issuer.Token(), Stop);
                return response.StatusCode == HttpStatusCode.Forbidden;
            },
            () => _gateway.Output,
            Stop);

        _folder.Write("gateway.json", renamed);
        await _gateway.WaitForReadinessAsync("configuration", "healthy", Stop);
    }

    [Fact]
    public async Task Policy_ChangedUnderLoad_NoCallFails()
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var token = _issuer.Token();
        var statuses = new System.Collections.Concurrent.ConcurrentDictionary<HttpStatusCode, int>();
        var callers = Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!enough.IsCancellationRequested)
            {
                using var response = await _gateway.SendAsync(HttpMethod.Get, "/api/x", token, Stop);
                statuses.AddOrUpdate(response.StatusCode, 1, (_, count) => count + 1);
            }
        }).ToArray();

        _folder.Write("policies/second.cedar", """@id("second") forbid (principal, action == Action::"api/POST", resource);""");
        await Eventually.TrueAsync(() => Task.FromResult(_gateway.Output.Contains("ConfigurationReloaded", StringComparison.Ordinal) || _gateway.Output.Contains("changed configuration is in force", StringComparison.Ordinal)), () => _gateway.Output, Stop);
        await enough.CancelAsync();
        await Task.WhenAll(callers);

        Assert.Equal([HttpStatusCode.OK], statuses.Keys);
    }

    private async Task AssertStatusAsync(HttpStatusCode status, string path = "/api/x")
    {
        using var response = await _gateway.SendAsync(HttpMethod.Get, path, _issuer.Token(), Stop);
        Assert.True(status == response.StatusCode, $"Expected {status}, got {response.StatusCode}: {await response.Content.ReadAsStringAsync(Stop)}\n{_gateway.Output}");
    }
}
