using System.Net;

namespace Gateway.Tests.EndToEnd;

/// <summary>What cannot be recorded does not happen.</summary>
public sealed class AuditFaultTests : IAsyncLifetime
{
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
                Policies = """@id("all") permit (principal, action, resource);""",
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

    [Fact]
    public async Task Directory_ReplacedByAFile_CallsAreRefusedUntilItIsBack()
    {
        using var before = await CallAsync();
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);

        var directory = _folder.Combine("audit");
        var aside = _folder.Combine("audit.aside");
        Directory.Move(directory, aside);
        await File.WriteAllTextAsync(directory, "not a directory", Stop);

        // A call under way may still be accepted: it is the failed writing that the gateway learns from.
        HttpResponseMessage? refused = null;
        await Eventually.TrueAsync(
            async () =>
            {
                refused?.Dispose();
                refused = await CallAsync();
                return refused.StatusCode != HttpStatusCode.OK;
            },
            () => $"Calls went on without a log.\n{_gateway.Output}",
            Stop);
        var reached = _upstream.Requests.Count;
        await Problem.AssertAsync(refused!, HttpStatusCode.ServiceUnavailable, "audit_unavailable", Stop);
        Assert.NotNull(refused!.Headers.RetryAfter);
        refused.Dispose();
        Assert.Equal("unhealthy", (await _gateway.ReadinessAsync(Stop)).GetProperty("entries").GetProperty("audit").Text("status"));

        using var stillRefused = await CallAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, stillRefused.StatusCode);
        Assert.Equal(reached, _upstream.Requests.Count);

        File.Delete(directory);
        Directory.Move(aside, directory);

        HttpResponseMessage? served = null;
        await Eventually.TrueAsync(
            async () =>
            {
                served?.Dispose();
                served = await CallAsync();
                return served.StatusCode == HttpStatusCode.OK;
            },
            () => $"Calls were not accepted again.\n{_gateway.Output}",
            Stop);
        await _gateway.Log.SingleAsync(served!.CallId(), Stop);
        served!.Dispose();
        await _gateway.WaitForReadinessAsync("audit", "healthy", Stop);

        // Every call that reached the upstream is in the log, those around the fault included.
        await Eventually.TrueAsync(
            () => Task.FromResult(_gateway.Log.ReadAll().Count(e => e.Forwarded()) >= _upstream.Requests.Count),
            () => $"{_upstream.Requests.Count} calls reached the upstream, {_gateway.Log.ReadAll().Count(e => e.Forwarded())} are in the log.",
            Stop);
        var sequences = _gateway.Log.ReadLines().Select(e => e.GetProperty("metadata").GetProperty("sequence").GetInt64()).ToArray();
        Assert.Equal(sequences.Distinct().Order(), sequences.Order());
    }

    private Task<HttpResponseMessage> CallAsync() => _gateway.SendAsync(HttpMethod.Get, "/api/x", _issuer.Token(), Stop);
}
