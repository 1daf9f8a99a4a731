using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Gateway.Core.Tests.Identity;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Hosting;

/// <summary>A gateway in this process that knows the trust domains <c>example.org</c> and <c>other.example</c> and one issuer, behind TLS.</summary>
internal sealed class TrustDomainScene : IAsyncDisposable
{
    public const string Agent = "spiffe://example.org/agent/billing";

    private readonly TemporaryFolder _folder = new();

    public TestAuthority Authority { get; } = TestAuthority.Root(now: DateTimeOffset.UtcNow);

    public TestAuthority Other { get; } = TestAuthority.Root("other.example", DateTimeOffset.UtcNow);

    public TestIssuer TokenKey { get; } = new();

    public WorkloadIssuer Issuer { get; } = new();

    public RecordingUpstream Upstream { get; private set; } = null!;

    public InProcessGateway Gateway { get; private set; } = null!;

    public CallLog Log => new(_folder.Combine("audit"));

    public static async Task<TrustDomainScene> StartAsync(string clientCertificate = "Accept")
    {
        var scene = new TrustDomainScene { Upstream = await RecordingUpstream.StartAsync() };
        var folder = scene._folder;
        scene.WriteBundle(scene.Authority);
        folder.Write("other.json", TestBundle.Json(scene.Other));
        scene.Gateway = await InProcessGateway.StartAsync(folder, new GatewaySetup
        {
            Identity = new
            {
                Issuers = new Dictionary<string, object> { [WorkloadIssuer.Name] = new { Issuer = WorkloadIssuer.Url, Audiences = new[] { "gateway" }, JwksFile = scene.WriteKeys() } },
                TrustDomains = new Dictionary<string, object>
                {
                    ["example.org"] = new { BundleFile = "bundle.json" },
                    ["other.example"] = new { BundleFile = "other.json" },
                },
                Agents = new Dictionary<string, object> { [Agent] = new { Groups = new[] { "finance" } } },
            },
            Tools = new Dictionary<string, object> { ["tool"] = new { Path = "/tool", Upstream = scene.Upstream.Url, Credential = "key" } },
            Credentials = new Dictionary<string, object>
            {
                ["key"] = new { Type = "Static", Value = $"file:{folder.Write("key", Canary.New("key"))}", Owner = "tests", NotAfter = "2099-12-31" },
            },
            Policies = """
                @id("finance") permit (principal in AgentGroup::"finance", action, resource);
                @id("other") permit (principal, action, resource) when { principal.issuer != "example.org" };
                """,
            Tls = ServerCertificate.Write(folder),
            ClientCertificate = clientCertificate,
        });
        return scene;
    }

    public void WriteBundle(params TestAuthority[] authorities) =>
        _folder.Write("bundle.json", TestBundle.Json(authorities.Select(a => a.Certificate), [TokenKey]));

    /// <summary>A client that connects with a certificate and what else belongs to its chain.</summary>
    public HttpClient Client(X509Certificate2? certificate, params X509Certificate2[] intermediates)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(_folder.Combine("gateway.pem"));
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, [.. intermediates], offline: true);
        }

        return new HttpClient(handler) { BaseAddress = Gateway.Https };
    }

    public static async Task<HttpResponseMessage> GetAsync(HttpClient client, string? token = null, string version = "1.1")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/tool/x") { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <returns>The event of the call.</returns>
    public async Task<JsonElement> AssertServedAsync(HttpClient client, string agent = Agent, string? token = null, string version = "1.1")
    {
        using var response = await GetAsync(client, token, version);
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var logged = await Log.SingleAsync(response.CallId(), TestContext.Current.CancellationToken);
        Assert.Equal((CallLog.ApiActivity, agent), (logged.ClassUid(), logged.Agent()));
        return logged;
    }

    /// <summary>Checks that the call is refused, that the record names the failed check, and that the agent is told less.</summary>
    public async Task AssertRefusedAsync(HttpClient client, string reason, string check, string? token = null)
    {
        Upstream.Clear();
        using var response = await GetAsync(client, token);
        await Problem.AssertAsync(response, HttpStatusCode.Unauthorized, reason, TestContext.Current.CancellationToken);
        var logged = await Log.SingleAsync(response.CallId(), TestContext.Current.CancellationToken);
        Assert.Equal((CallLog.Authentication, 401, reason), (logged.ClassUid(), logged.Status(), logged.Reason()));
        Assert.Contains(check, logged.Text("status_detail"), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Upstream.Requests);
    }

    /// <summary>Suspends by the admin API.</summary>
    public async Task SuspendAsync(string agent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/agents/suspend") { Content = JsonContent.Create(new { agent, reason = "leak" }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(_folder.Combine("data/admin-token"), TestContext.Current.CancellationToken)).Trim());
        using var response = await Gateway.Admin.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>A JWT-SVID of <see cref="Agent"/>.</summary>
    public string Token(string subject = Agent) => TokenKey.Token(
        claims =>
        {
            claims.Remove("iss");
            claims["sub"] = subject;
        },
        now: DateTimeOffset.UtcNow);

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Upstream.DisposeAsync();
        Issuer.Dispose();
        _folder.Dispose();
    }

    private string WriteKeys()
    {
        Issuer.Configure(_folder);
        return _folder.Combine("jwks.json");
    }
}
