namespace Gateway.Tests.EndToEnd;

/// <summary>What gateways one after the other have in common: the tool <c>api</c>, behind a token that can be revoked, and a data directory.</summary>
internal sealed class RevocableTokenScene : IAsyncDisposable
{
    private RevocableTokenScene(RevocableTokens tokens, RecordingUpstream upstream)
    {
        Tokens = tokens;
        Upstream = upstream;
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public TemporaryFolder Folder { get; } = new();

    public WorkloadIssuer Issuer { get; } = new();

    public RevocableTokens Tokens { get; }

    public RecordingUpstream Upstream { get; }

    public static async Task<RevocableTokenScene> StartAsync() => new(await RevocableTokens.StartAsync(), await RecordingUpstream.StartAsync());

    public Task<GatewayProcess> StartGatewayAsync() => GatewayProcess.StartAsync(
        Folder,
        new GatewaySetup
        {
            Identity = Issuer.Configure(Folder),
            Tools = new Dictionary<string, object> { ["api"] = new { Path = "/api", Upstream = Upstream.Url, Credential = "partner" } },
            Credentials = new Dictionary<string, object> { ["partner"] = Tokens.Credential },
            Policies = """@id("all") permit (principal, action, resource);""",
        },
        Stop);

    /// <returns>The status of a call to <c>api</c>.</returns>
    public async Task<int> CallAsync(GatewayProcess gateway, string? task = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/x");
        request.Headers.Add("Gateway-Identity", Issuer.Token());
        if (task is not null)
        {
            request.Headers.Add("Gateway-Task", task);
        }

        using var response = await gateway.Client.SendAsync(request, Stop);
        return (int)response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await Tokens.DisposeAsync();
        await Upstream.DisposeAsync();
        Issuer.Dispose();
        Folder.Dispose();
    }
}
