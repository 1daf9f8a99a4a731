namespace Gateway.Tests.EndToEnd;

/// <summary>A gateway whose every tool has its own client at one token endpoint, so that the failure of one does not touch the next.</summary>
public sealed class TokenEndpointScene : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _secrets = new();
    private readonly WorkloadIssuer _issuer = new();

    /// <summary>Names of the tools; each asks <c>/token/NAME</c>.</summary>
    internal static readonly string[] Tools =
    [
        "html", "error", "garbage", "nothing", "notoken", "crlf", "nul", "space", "number", "huge", "redirect", "endless", "broken", "expired", "slow",
        "recovers", "hammered", "crowd",
    ];

    internal string ClientSecret { get; } = Canary.New("client");

    /// <summary>Part of whatever the endpoint says in its failures.</summary>
    internal string Leak { get; } = Canary.New("page");

    internal RecordingUpstream Endpoint { get; private set; } = null!;

    internal RecordingUpstream Upstream { get; private set; } = null!;

    internal GatewayProcess Gateway { get; private set; } = null!;

    internal WorkloadIssuer Issuer => _issuer;

    public async ValueTask InitializeAsync()
    {
        Endpoint = await RecordingUpstream.StartAsync();
        Upstream = await RecordingUpstream.StartAsync();
        var secret = $"file:{_secrets.Write("client", ClientSecret)}";
        object Client(string endpoint) => new { Type = "OAuth2ClientCredentials", TokenEndpoint = endpoint, ClientId = "gateway", ClientSecret = secret };
        var credentials = Tools.ToDictionary(t => t, t => Client($"{Endpoint.Url}/token/{t}"));
        credentials["down"] = Client($"http://127.0.0.1:{FreePort.Next()}/token");
        Gateway = await GatewayProcess.StartAsync(
            _folder,
            new GatewaySetup
            {
                Identity = _issuer.Configure(_folder),
                Tools = credentials.Keys.ToDictionary(t => t, t => (object)new { Path = $"/{t}", Upstream = Upstream.Url, Credential = t }),
                Credentials = credentials,
                Policies = """@id("all") permit (principal, action, resource);""",
            },
            TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }

        if (Upstream is not null)
        {
            await Upstream.DisposeAsync();
        }

        if (Endpoint is not null)
        {
            await Endpoint.DisposeAsync();
        }

        _issuer.Dispose();
        _secrets.Dispose();
        _folder.Dispose();
    }

    /// <summary>The requests that one tool's client made for a token.</summary>
    internal int TokenRequests(string tool) => Endpoint.Requests.Count(r => r.Target == $"/token/{tool}");
}
