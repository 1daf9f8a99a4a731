using System.Security.Cryptography.X509Certificates;
using Gateway.Core.Tests.Identity;

namespace Gateway.Tests.EndToEnd;

/// <summary>curl with a certificate against the gateway as operators start it.</summary>
public sealed class ClientCertificateTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = TestAuthority.Root(now: DateTimeOffset.UtcNow);
    private RecordingUpstream _upstream = null!;
    private GatewayProcess _gateway = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _upstream = await RecordingUpstream.StartAsync();
        _folder.Write("bundle.json", TestBundle.Json(_authority));
        _gateway = await GatewayProcess.StartAsync(
            _folder,
            new GatewaySetup
            {
                Identity = new { TrustDomains = new Dictionary<string, object> { ["example.org"] = new { BundleFile = "bundle.json" } } },
                Tools = new Dictionary<string, object> { ["api"] = new { Path = "/api", Upstream = _upstream.Url, Credential = "key" } },
                Credentials = new Dictionary<string, object>
                {
                    ["key"] = new { Type = "Static", Value = $"file:{_folder.Write("key", Canary.New("static"))}", Owner = "tests", NotAfter = "2099-12-31" },
                },
                Policies = """@id("svids") permit (principal, action, resource) when { principal.method == "x509-svid" && principal.proofOfPossession };""",
                Tls = ServerCertificate.Write(_folder),
                ClientCertificate = "Require",
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

        _folder.Dispose();
    }

    [Theory]
    [InlineData("--http1.1")]
    [InlineData("--http2")]
    public async Task Curl_WithAnSvidAndItsChain_IsServed(string version)
    {
        var intermediate = _authority.Intermediate();

        var (exit, output) = await CurlAsync(intermediate.Issue(), [intermediate.Certificate], version);

        Assert.True(exit == 0, output);
        Assert.Equal("ok 200", output);
        var logged = Assert.Single(await _gateway.Log.WaitForCountAsync(1, Stop));
        Assert.Equal("spiffe://example.org/agent/billing", logged.Agent());
    }

    [Fact]
    public async Task Curl_WithAStrangersCertificate_Is401AndTheRecordSaysWhy()
    {
        var (_, output) = await CurlAsync(TestAuthority.Root(now: DateTimeOffset.UtcNow).Issue(), [], "--http2");

        Assert.EndsWith(" 401", output, StringComparison.Ordinal);
        var logged = Assert.Single(await _gateway.Log.WaitForCountAsync(1, Stop));
        Assert.Equal((CallLog.Authentication, "identity_invalid"), (logged.ClassUid(), logged.Reason()));
        Assert.Contains("no authority", logged.Text("status_detail"), StringComparison.Ordinal);
        Assert.Empty(_upstream.Requests);
    }

    [Fact]
    public async Task Curl_WithoutACertificate_CannotConnect()
    {
        await using var curl = Curl.Start("--cacert", _folder.Combine("gateway.pem"), new Uri(_gateway.Https, "/api/x").ToString());

        Assert.NotEqual(0, await curl.WaitForExitAsync(TimeSpan.FromSeconds(30), Stop));
        Assert.Empty(_upstream.Requests);
    }

    private async Task<(int Exit, string Output)> CurlAsync(X509Certificate2 certificate, X509Certificate2[] intermediates, string version)
    {
        var pem = string.Join('\n', intermediates.Prepend(certificate).Select(c => c.ExportCertificatePem()));
        using var key = certificate.GetECDsaPrivateKey()!;
        await using var curl = Curl.Start(
            version, "--cacert", _folder.Combine("gateway.pem"), "--cert", _folder.Write("agent.pem", pem), "--key", _folder.Write("agent.key", key.ExportPkcs8PrivateKeyPem()),
            "--write-out", " %{http_code}", new Uri(_gateway.Https, "/api/x").ToString());
        return (await curl.WaitForExitAsync(TimeSpan.FromSeconds(30), Stop), curl.Output.Trim());
    }
}
