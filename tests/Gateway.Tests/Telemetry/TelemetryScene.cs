using Gateway.Tests.EndToEnd;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Telemetry;

/// <summary>A gateway in this process with two tools: <c>api</c>, and <c>quiet</c>, whose upstream is not told of traces.</summary>
internal sealed class TelemetryScene : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _secrets = new();
    private readonly WorkloadIssuer _issuer = new();

    private TelemetryScene(RecordingUpstream upstream) => Upstream = upstream;

    public RecordingUpstream Upstream { get; }

    public string Key { get; } = Canary.New("key");

    public InProcessGateway Gateway { get; private set; } = null!;

    public static async Task<TelemetryScene> StartAsync()
    {
        var scene = new TelemetryScene(await RecordingUpstream.StartAsync());
        scene.Gateway = await InProcessGateway.StartAsync(scene._folder, scene.Setup(scene._folder));
        return scene;
    }

    /// <param name="folder">Where the gateway's configuration is.</param>
    /// <param name="environment">Of the gateway's process, where it has its own.</param>
    public GatewaySetup Setup(TemporaryFolder folder, IReadOnlyDictionary<string, string>? environment = null) => new()
    {
        Identity = _issuer.Configure(folder),
        Tools = new Dictionary<string, object>
        {
            ["api"] = new { Path = "/api", Upstream = Upstream.Url, Credential = "key", Operations = new Dictionary<string, string> { ["items.get"] = "GET /items/{id}" } },
            ["quiet"] = new { Path = "/quiet", Upstream = Upstream.Url, Credential = "key", PropagateTrace = false },
        },
        Credentials = new Dictionary<string, object>
        {
            ["key"] = new { Type = "Static", Value = $"file:{_secrets.Write("key", Key)}", Owner = "tests", NotAfter = "2099-12-31" },
        },
        Policies = """@id("some") permit (principal, action, resource) unless { context.request.path == "/denied" };""",
        Environment = environment ?? new Dictionary<string, string>(),
    };

    public Task<HttpResponseMessage> GetAsync(string path, params ReadOnlySpan<(string Name, string Value)> headers) => Gateway.GetAsync(path, _issuer.Token(), headers);

    public string Token() => _issuer.Token();

    public async ValueTask DisposeAsync()
    {
        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }

        await Upstream.DisposeAsync();
        _issuer.Dispose();
        _secrets.Dispose();
        _folder.Dispose();
    }
}
