using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Tests.EndToEnd;

/// <summary>A self-signed certificate for 127.0.0.1 that a client can be told to trust.</summary>
internal static class ServerCertificate
{
    /// <returns>Paths of the PEM files <c>gateway.pem</c> and <c>gateway.key</c>.</returns>
    public static (string Certificate, string Key) Write(TemporaryFolder folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=gateway test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        return (folder.Write("gateway.pem", certificate.ExportCertificatePem()), folder.Write("gateway.key", key.ExportPkcs8PrivateKeyPem()));
    }
}
