using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Identity;

/// <summary>
/// A gateway in the test's process with four listeners: two that know their URL, one for TLS that asks for certificates, and one that
/// nobody has told how agents call it. Policy permits only agents that have proven their key, and anything to the tool "open".
/// </summary>
public sealed class ProofScene : IAsyncLifetime
{
    public const string Shared = "https://gateway.example";

    private const string Policies = """
        @id("proven") permit (principal, action, resource == Tool::"tool") when { principal.proofOfPossession };
        @id("anybody") permit (principal, action, resource == Tool::"open");
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _files = new();
    private string _server = "";

    internal WorkloadIssuer Issuer { get; } = new();

    internal RecordingUpstream Upstream { get; private set; } = null!;

    internal InProcessGateway Gateway { get; private set; } = null!;

    internal CapturedLogs Logs { get; } = new();

    internal CallLog Log { get; private set; } = null!;

    /// <summary>Knows its URL from its address.</summary>
    internal Uri First { get; private set; } = null!;

    /// <summary>Is called by its address and, as the load balancer's other half, by <see cref="Shared"/>.</summary>
    internal Uri Second { get; private set; } = null!;

    internal Uri Tls { get; private set; } = null!;

    internal Uri Unknown { get; private set; } = null!;

    internal bool NonceRequired { get; init; }

    public async ValueTask InitializeAsync()
    {
        Upstream = await RecordingUpstream.StartAsync();
        var (certificate, key) = ServerCertificate.Write(_files);
        using (var server = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(certificate, TestContext.Current.CancellationToken)))
        {
            _server = server.GetCertHashString();
        }

        Second = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        Tls = new Uri($"https://127.0.0.1:{FreePort.Next()}");
        Unknown = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        Gateway = await InProcessGateway.StartAsync(
            _folder,
            new GatewaySetup
            {
                Identity = new
                {
                    Issuers = JsonSerializer.SerializeToNode(Issuer.Configure(_folder))!["Issuers"],
                    Dpop = new { Nonce = NonceRequired ? "Required" : "None" },
                },
                MoreListeners =
                [
                    new { Url = $"http://127.0.0.1:{Second.Port}", ExternalUrls = new[] { $"http://127.0.0.1:{Second.Port}", Shared } },
                    new { Url = $"https://127.0.0.1:{Tls.Port}", Certificate = certificate, Key = key, ClientCertificate = "Accept" },
                    new { Url = $"http://0.0.0.0:{Unknown.Port}" },
                ],
                Tools = new Dictionary<string, object>
                {
                    ["tool"] = new { Path = "/tool", Upstream = Upstream.Url, Credential = "key" },
                    ["open"] = new { Path = "/open", Upstream = Upstream.Url, Credential = "key" },
                },
                Credentials = new Dictionary<string, object>
                {
                    ["key"] = new { Type = "Static", Value = $"file:{_files.Write("value", Canary.New("key"))}", Owner = "tests", NotAfter = "2099-12-31" },
                },
                Policies = Policies,
            },
            Logs);
        First = Gateway.Client.BaseAddress!;
        Log = new CallLog(_folder.Combine("audit"));
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

        Issuer.Dispose();
        Logs.Dispose();
        _files.Dispose();
        _folder.Dispose();
    }

    /// <summary>Calls over a connection of its own, with this client certificate.</summary>
    internal HttpClient CreateClient(X509Certificate2? certificate = null)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, server, _, _) => server?.GetCertHashString() == _server;
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
        }

        return new HttpClient(handler);
    }

    /// <returns>The record's sentence for the SOC, after the answer and the record were checked.</returns>
    internal async Task<string> AssertRefusedAsync(HttpResponseMessage response, string challenge)
    {
        var stop = TestContext.Current.CancellationToken;
        await Problem.AssertAsync(response, System.Net.HttpStatusCode.Unauthorized, "proof_required", stop);
        Assert.Equal(challenge, Assert.Single(response.Headers.WwwAuthenticate).ToString());
        Assert.Empty(Upstream.Requests);
        var logged = await Log.SingleAsync(response.CallId(), stop);
        Assert.Equal((CallLog.Authentication, 401, "proof_required"), (logged.ClassUid(), logged.Status(), logged.Reason()));
        Assert.Equal(WorkloadIssuer.AgentId(), logged.Text("user", "uid"));
        return logged.Text("status_detail") ?? "";
    }

    internal static string DpopChallenge(string error) =>
        $"DPoP realm=\"gateway\", error=\"{error}\", algs=\"ES256 ES384 ES512 PS256 PS384 PS512 RS256 RS384 RS512\"";
}
