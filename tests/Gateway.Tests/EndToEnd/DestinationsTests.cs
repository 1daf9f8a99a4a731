using System.Net;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.EndToEnd;

/// <summary>A tool with two servers uses both, does without one, and says so where none is left.</summary>
public sealed class DestinationsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly WorkloadIssuer _issuer = new();
    private RecordingUpstream _first = null!;
    private RecordingUpstream _second = null!;
    private GatewayProcess _gateway = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _first = await RecordingUpstream.StartAsync();
        _second = await RecordingUpstream.StartAsync();
        object Tool(string path, string first, string second, object? healthCheck = null) => new
        {
            Path = path,
            Destinations = new Dictionary<string, object> { ["first"] = new { Address = first }, ["second"] = new { Address = second } },
            Credential = "key",
            LoadBalancing = "RoundRobin",
            HealthCheck = healthCheck ?? new { },
        };
        var passive = new { Passive = new { ReactivationPeriod = "01:00:00" } };
        _gateway = await GatewayProcess.StartAsync(
            _folder,
            new GatewaySetup
            {
                Identity = _issuer.Configure(_folder),
                Tools = new Dictionary<string, object>
                {
                    ["both"] = Tool("/both", _first.Url, _second.Url),
                    ["passive"] = Tool("/passive", _first.Url, Dead(), passive),
                    ["active"] = Tool("/active", _first.Url, _second.Url, new { Active = new { Interval = "00:00:01", Timeout = "00:00:05", Path = "/healthz" } }),
                    ["dead"] = Tool("/dead", Dead(), Dead(), passive),
                },
                Credentials = new Dictionary<string, object>
                {
                    ["key"] = new { Type = "Static", Value = $"file:{_folder.Write("key", Canary.New("static"))}", Owner = "tests", NotAfter = "2099-12-31" },
                },
                Policies = "permit (principal, action, resource);",
                Trace = false,
            },
            Stop);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in (IAsyncDisposable?[])[_gateway, _first, _second])
        {
            await (part?.DisposeAsync() ?? default);
        }

        _issuer.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Calls_RoundRobin_ReachBothDestinationsWithTheCredential()
    {
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await CallAsync("/both/x"));
        }

        // The probes of another tool reach the same servers.
        var (first, second) = (Calls(_first), Calls(_second));
        Assert.Equal((3, 3), (first.Length, second.Length));
        Assert.All([.. first, .. second], r => Assert.StartsWith("Bearer canary-", r.Value("Authorization"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Destination_Dead_IsLeftOutByThePassiveCheck()
    {
        HttpStatusCode[] before = [await CallAsync("/passive/x"), await CallAsync("/passive/x")];
        Assert.Contains(HttpStatusCode.BadGateway, before);

        await AssertSettlesAsync("/passive/x");
    }

    [Fact]
    public async Task Destination_FailingItsProbe_IsLeftOutByTheActiveCheck()
    {
        _second.Answer = (_, context) =>
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        };

        await AssertSettlesAsync("/active/x");

        Assert.NotEmpty(_second.Requests);
        Assert.All(_second.Requests.Where(r => r.Target == "/healthz"), r => Assert.Empty(r.Values("Authorization")));

        // It recovers.
        _second.Answer = (_, context) => context.Response.WriteAsync("ok", context.RequestAborted);
        _second.Clear();
        await Eventually.TrueAsync(
            async () => await CallAsync("/active/x") == HttpStatusCode.OK && Calls(_second).Length > 0,
            () => "The destination was not used again.",
            Stop);
    }

    [Fact]
    public async Task Destinations_AllDead_Is502BeforeAndAfterTheyAreKnownToBe()
    {
        for (var i = 0; i < 30; i++)
        {
            using var response = await _gateway.SendAsync(HttpMethod.Get, "/dead/x", _issuer.Token(), Stop);
            await Problem.AssertAsync(response, HttpStatusCode.BadGateway, "upstream_unreachable", Stop);
        }
    }

    private static string Dead() => $"http://127.0.0.1:{FreePort.Next()}";

    private static RecordedRequest[] Calls(RecordingUpstream upstream) => [.. upstream.Requests.Where(r => r.Target == "/x")];

    private async Task<HttpStatusCode> CallAsync(string path)
    {
        using var response = await _gateway.SendAsync(HttpMethod.Get, path, _issuer.Token(), Stop);
        return response.StatusCode;
    }

    /// <summary>Waits until as many calls in a row succeed as could not by chance while two destinations take turns.</summary>
    private Task AssertSettlesAsync(string path) => Eventually.TrueAsync(
        async () =>
        {
            for (var i = 0; i < 6; i++)
            {
                if (await CallAsync(path) != HttpStatusCode.OK)
                {
                    return false;
                }
            }

            return true;
        },
        () => $"Calls keep failing:\n{_gateway.Output}",
        Stop);
}
