using System.Collections.Concurrent;

namespace Gateway.Tests.EndToEnd;

/// <summary>The gateway is killed under load: what the upstream saw is in the log, once, and the log verifies.</summary>
public sealed class JournalKillTests : IAsyncLifetime
{
    private const int Kills = 10;
    private const int Agents = 16;

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _secrets = new();
    private readonly WorkloadIssuer _issuer = new();
    private readonly ConcurrentDictionary<string, int> _seen = new();
    private RecordingUpstream _upstream = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _upstream = await RecordingUpstream.StartAsync();
        _upstream.Answer = async (request, _) =>
        {
            _seen.AddOrUpdate(request.Target, 1, (_, count) => count + 1);
            await Task.Delay(Random.Shared.Next(4), CancellationToken.None);
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _issuer.Dispose();
        _secrets.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Kill_UnderLoad_EveryCallThatTheUpstreamSawIsInTheLogOnce()
    {
        var setup = new GatewaySetup
        {
            Identity = _issuer.Configure(_folder),
            Tools = new Dictionary<string, object> { ["api"] = new { Path = "/api", Upstream = _upstream.Url, Credential = "key" } },
            Credentials = new Dictionary<string, object>
            {
                ["key"] = new { Type = "Static", Value = $"file:{_secrets.Write("key", Canary.New("static"))}", Owner = "tests", NotAfter = "2099-12-31" },
            },
            Policies = """@id("all") permit (principal, action, resource);""",
        };
        for (var kill = 0; kill < Kills; kill++)
        {
            Task[] agents;

            // Disposal kills it.
            await using (var gateway = await GatewayProcess.StartAsync(_folder, setup, Stop))
            {
                agents = [.. Enumerable.Range(0, Agents).Select(agent => CallUntilItIsGoneAsync(gateway, $"{kill}-{agent}"))];
                await Eventually.TrueAsync(() => Task.FromResult(_seen.Keys.Any(path => path.StartsWith($"/{kill}-", StringComparison.Ordinal))), () => gateway.Output, Stop);
                await Task.Delay(Random.Shared.Next(100), Stop);
            }

            await Task.WhenAll(agents);
        }

        await using (var last = await GatewayProcess.StartAsync(_folder, setup, Stop))
        {
            Assert.Equal(0, await last.StopAsync(Stop));
        }

        var log = new CallLog(_folder.Combine("audit"));
        var recorded = log.ReadAll().ToLookup(e => e.Text("http_request", "url", "path"));
        Assert.All(_seen.Keys, path => Assert.Single(recorded[path]));
        Assert.Contains(log.ReadAll(), e => e.Text("status_code") == "interrupted");
        Assert.True(_seen.Count > Kills * Agents, $"only {_seen.Count} calls reached the upstream");
        Assert.Equal(Enumerable.Range(1, log.ReadLines().Count), log.ReadLines().Select(e => e.GetProperty("metadata").GetProperty("sequence").GetInt32()));
    }

    private async Task CallUntilItIsGoneAsync(GatewayProcess gateway, string name)
    {
        for (var call = 0; ; call++)
        {
            try
            {
                using var response = await gateway.SendAsync(HttpMethod.Get, $"/api/{name}-{call}", _issuer.Token(), Stop);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or ObjectDisposedException or OperationCanceledException)
            {
                return;
            }
        }
    }
}
