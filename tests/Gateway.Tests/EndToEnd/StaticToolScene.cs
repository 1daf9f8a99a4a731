namespace Gateway.Tests.EndToEnd;

/// <summary>
/// A running gateway with static credentials, injected in three ways, in front of one recording upstream. The agent may do
/// everything with the tools <c>bearer</c>, <c>keyed</c>, <c>cookie</c> and <c>underscored</c>, save <c>DELETE /admin</c>, and nothing with
/// <c>other</c>. The tool <c>based</c> is the same upstream below a base path; <c>raw</c> and <c>watched</c>, which has a passive health
/// check, are a server that sends any bytes.
/// </summary>
public sealed class StaticToolScene : IAsyncLifetime
{
    private const string Policies = """
        @id("worker-may")
        permit (
            principal == Agent::"dev:worker",
            action,
            resource in ToolGroup::"open"
        );

        @id("nobody-deletes-admin")
        forbid (principal, action == Action::"bearer/admin.delete", resource);
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _secrets = new();
    private readonly WorkloadIssuer _issuer = new();

    internal string Secret { get; } = Canary.New("static");

    internal RecordingUpstream Upstream { get; private set; } = null!;

    internal RawUpstream Raw { get; } = new();

    internal GatewayProcess Gateway { get; private set; } = null!;

    internal WorkloadIssuer Issuer => _issuer;

    public async ValueTask InitializeAsync()
    {
        Upstream = await RecordingUpstream.StartAsync();
        var (certificate, key) = ServerCertificate.Write(_secrets);
        var value = $"file:{_secrets.Write("value", Secret)}";
        string[] open = ["open"];
        object Tool(string credential) => new { Path = $"/{credential}", Upstream = Upstream.Url, Credential = credential, Groups = open };
        object Static(string header, string template) => new
        {
            Type = "Static",
            Value = value,
            Owner = "tests",
            NotAfter = "2099-12-31",
            Inject = new[] { new { Header = header, Value = template } },
        };

        Gateway = await GatewayProcess.StartAsync(
            _folder,
            new GatewaySetup
            {
                Identity = _issuer.Configure(_folder),
                Tools = new Dictionary<string, object>
                {
                    ["bearer"] = new
                    {
                        Path = "/bearer",
                        Upstream = Upstream.Url,
                        Credential = "bearer",
                        Groups = open,
                        Operations = new Dictionary<string, string> { ["admin.delete"] = "DELETE /admin", ["items.get"] = "GET /items/{id}" },
                    },
                    ["keyed"] = Tool("keyed"),
                    ["cookie"] = Tool("cookie"),
                    ["underscored"] = Tool("underscored"),
                    ["based"] = new { Path = "/based", Upstream = $"{Upstream.Url}/base/v1", Credential = "bearer", Groups = open },
                    ["raw"] = new { Path = "/raw", Upstream = Raw.Url, Credential = "bearer", Groups = open },
                    ["watched"] = new { Path = "/watched", Upstream = Raw.Url, Credential = "bearer", Groups = open, HealthCheck = new { Passive = new { } } },
                    ["other"] = new { Path = "/other", Upstream = Upstream.Url, Credential = "bearer" },
                },
                Credentials = new Dictionary<string, object>
                {
                    ["bearer"] = Static("Authorization", "Bearer {value}"),
                    ["keyed"] = Static("X-Api-Key", "{value}"),
                    ["cookie"] = Static("Cookie", "session={value}"),
                    ["underscored"] = Static("api_key", "{value}"),
                },
                Policies = Policies,
                Tls = (certificate, key),
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

        await Raw.DisposeAsync();
        _issuer.Dispose();
        _secrets.Dispose();
        _folder.Dispose();
    }

    internal string CertificateFile => _secrets.Combine("gateway.pem");

    /// <summary>A request as raw text, with the agent's token and what else is given.</summary>
    /// <param name="requestLine">Without the version.</param>
    /// <param name="headers">Lines, each with its CR LF.</param>
    /// <param name="body">What follows the empty line.</param>
    internal Task<RawResponse> SendRawAsync(string requestLine, string headers = "", string body = "") => RawHttp.SendAsync(
        Gateway.Agents,
        $"{requestLine} HTTP/1.1\r\nHost: {Gateway.Agents.Authority}\r\nGateway-Identity: {Issuer.Token()}\r\n{headers}\r\n{body}",
        TestContext.Current.CancellationToken);
}
