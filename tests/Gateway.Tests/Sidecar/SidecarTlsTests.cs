using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Sidecar;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Sidecar;

/// <summary>A sidecar whose identity is an X.509-SVID in files.</summary>
public sealed class SidecarTlsTests : IDisposable
{
    private const string GatewayId = "spiffe://example.org/gateway";

    private readonly TemporaryFolder _folder = new();
    private readonly Authority _authority = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Request_OverTls_PresentsTheCertificateAndItsSuccessor()
    {
        await using var gateway = await StreamReceiver.StartTlsAsync(_authority.Issue(GatewayId));
        var first = WriteSvid();
        await using var sidecar = await RunningSidecar.StartAsync(Settings(gateway.Url));

        Assert.Equal($"HTTP/2 {first}", await sidecar.Client.GetStringAsync("/tool", Stop));

        var second = WriteSvid();
        Assert.NotEqual(first, second);
        await Eventually.TrueAsync(
            async () => await sidecar.Client.GetStringAsync("/tool", Stop) == $"HTTP/2 {second}", () => "The new certificate is not presented.", Stop);
    }

    [Fact]
    public async Task Files_Missing_AreAnIdentityThatIsNotThere()
    {
        await using var gateway = await StreamReceiver.StartTlsAsync(_authority.Issue(GatewayId));
        WriteSvid();
        File.Delete(_folder.Combine("svid.key"));
        await using var sidecar = await RunningSidecar.StartAsync(Settings(gateway.Url));

        using var response = await sidecar.Client.GetAsync("/tool", Stop);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task Gateway_OfAnotherAuthority_IsNotSentAnything()
    {
        using var other = new Authority();
        await using var gateway = await StreamReceiver.StartTlsAsync(other.Issue(GatewayId));
        WriteSvid();
        await using var sidecar = await RunningSidecar.StartAsync(Settings(gateway.Url));

        using var response = await sidecar.Client.GetAsync("/tool", Stop);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
    }

    [Theory]
    [InlineData(GatewayId, "gateway.example", true)]
    [InlineData("spiffe://example.org/other", "127.0.0.1", false)]
    [InlineData("spiffe://example.org/gateway/x", "127.0.0.1", false)]
    public async Task Gateway_WithASpiffeId_IsJudgedByItAlone(string id, string host, bool accepted)
    {
        await using var gateway = await StreamReceiver.StartTlsAsync(_authority.Issue(id, host));
        WriteSvid();
        await using var sidecar = await RunningSidecar.StartAsync(Settings(gateway.Url) with { GatewaySpiffeId = GatewayId });

        using var response = await sidecar.Client.GetAsync("/tool", Stop);

        Assert.Equal(accepted ? HttpStatusCode.OK : HttpStatusCode.BadGateway, response.StatusCode);
    }

    [Fact]
    public async Task Gateway_OfAnotherHost_IsNotSentAnything()
    {
        await using var gateway = await StreamReceiver.StartTlsAsync(_authority.Issue(GatewayId, "gateway.example"));
        WriteSvid();
        await using var sidecar = await RunningSidecar.StartAsync(Settings(gateway.Url));

        using var response = await sidecar.Client.GetAsync("/tool", Stop);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
    }

    private SidecarSettings Settings(string gateway) => RunningSidecar.To(gateway) with
    {
        Certificate = _folder.Combine("svid.pem"),
        Key = _folder.Combine("svid.key"),
        TrustedCertificates = _folder.Write("bundle.pem", _authority.Certificate.ExportCertificatePem()),
    };

    /// <returns>The thumbprint.</returns>
    private string WriteSvid()
    {
        using var certificate = _authority.Issue("spiffe://example.org/agent");
        _folder.Write("svid.pem", certificate.ExportCertificatePem());
        _folder.Write("svid.key", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return certificate.Thumbprint;
    }

    private sealed class Authority : IDisposable
    {
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public Authority()
        {
            var request = new CertificateRequest("CN=authority", _key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            Certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        }

        public X509Certificate2 Certificate { get; }

        public X509Certificate2 Issue(string id, string host = "127.0.0.1")
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("O=workload", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddUri(new Uri(id));
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }

            request.CertificateExtensions.Add(names.Build());
            using var certificate = request.Create(Certificate, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddHours(1), RandomNumberGenerator.GetBytes(8));
            return certificate.CopyWithPrivateKey(key);
        }

        public void Dispose()
        {
            Certificate.Dispose();
            _key.Dispose();
        }
    }
}
