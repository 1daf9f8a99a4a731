using System.Net;
using System.Security.Cryptography.X509Certificates;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Identity;

/// <summary>RFC 8705, section 3, over real TLS connections.</summary>
public sealed class CertificateBoundTokenTests(ProofScene scene) : IClassFixture<ProofScene>, IDisposable
{
    private const string BearerChallenge = "Bearer realm=\"gateway\", error=\"invalid_token\"";

    private readonly X509Certificate2 _certificate = ClientCertificate.Create();
    private readonly X509Certificate2 _other = ClientCertificate.Create();
    private readonly ProvingAgent _agent = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Uri Target => new(scene.Tls, "/tool/items/1");

    [Fact]
    public async Task Call_WithItsCertificate_IsServedAgainAndAgain()
    {
        using var http = scene.CreateClient(_certificate);
        for (var i = 0; i < 3; i++)
        {
            using var response = await http.SendAsync(Bearer(Target, Token()), Stop);
            Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Stop));
            var logged = await scene.Log.SingleAsync(response.CallId(), Stop);
            Assert.True(logged.GetProperty("unmapped").GetProperty("gateway").GetProperty("proof_of_possession").GetBoolean());
        }
    }

    [Fact]
    public async Task Call_WithAnotherCertificateOrNone_IsRefused()
    {
        scene.Upstream.Clear();
        using var stranger = scene.CreateClient(_other);
        using var mismatch = await stranger.SendAsync(Bearer(Target, Token()), Stop);
        Assert.Contains("another client certificate", await scene.AssertRefusedAsync(mismatch, BearerChallenge), StringComparison.Ordinal);

        using var nobody = scene.CreateClient();
        using var none = await nobody.SendAsync(Bearer(Target, Token()), Stop);
        Assert.Contains("the connection has none", await scene.AssertRefusedAsync(none, BearerChallenge), StringComparison.Ordinal);

        // Nor does a header speak for a certificate.
        var request = Bearer(new Uri(scene.First, "/tool/items/1"), Token());
        request.Headers.TryAddWithoutValidation("Client-Cert", $":{Convert.ToBase64String(_certificate.RawData)}:");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Client-Cert", _certificate.ExportCertificatePem().ReplaceLineEndings(""));
        using var plain = await nobody.SendAsync(request, Stop);
        Assert.Contains("the connection has none", await scene.AssertRefusedAsync(plain, BearerChallenge), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_BoundToKeyAndCertificate_NeedsBothProofs()
    {
        var token = scene.Issuer.TokenWith("cnf", new Dictionary<string, string> { ["jkt"] = _agent.Thumbprint, ["x5t#S256"] = _certificate.Thumbprint() });
        using var right = scene.CreateClient(_certificate);
        using var wrong = scene.CreateClient(_other);
        scene.Upstream.Clear();

        var proof = _agent.Proof("GET", Target, token);
        using var mismatch = await wrong.SendAsync(_agent.Request(Target, token, proof), Stop);
        Assert.Contains("x5t#S256", await scene.AssertRefusedAsync(mismatch, BearerChallenge), StringComparison.Ordinal);

        var unproven = _agent.Request(Target, token);
        unproven.Headers.Remove("DPoP");
        using var missing = await right.SendAsync(unproven, Stop);
        Assert.Contains("jkt", await scene.AssertRefusedAsync(missing, ProofScene.DpopChallenge("invalid_token")), StringComparison.Ordinal);

        // The failed calls have not used up the proof.
        using var served = await right.SendAsync(_agent.Request(Target, token, proof), Stop);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task Call_CertificateBoundTokenWithTheDpopScheme_IsRefused()
    {
        scene.Upstream.Clear();
        using var http = scene.CreateClient(_certificate);
        using var response = await http.SendAsync(_agent.Request(Target, Token()), Stop);
        Assert.Contains("not bound", await scene.AssertRefusedAsync(response, BearerChallenge), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _other.Dispose();
        _agent.Dispose();
    }

    private string Token() => scene.Issuer.TokenWith("cnf", new Dictionary<string, string> { ["x5t#S256"] = _certificate.Thumbprint() });

    private static HttpRequestMessage Bearer(Uri target, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, target);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return request;
    }
}
