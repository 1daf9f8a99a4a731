using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Tests.EndToEnd;

/// <summary>A self-signed certificate of an agent, which RFC 8705 is content with: tokens name it by its hash.</summary>
internal static class ClientCertificate
{
    public static X509Certificate2 Create(string name = "agent")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    /// <summary>As <c>x5t#S256</c> (RFC 8705, section 3.1).</summary>
    public static string Thumbprint(this X509Certificate2 certificate) => System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(certificate.RawData));

    /// <returns>Paths of PEM files with the certificate and its key.</returns>
    public static (string Certificate, string Key) Write(this X509Certificate2 certificate, TemporaryFolder folder, string name)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return (folder.Write($"{name}.pem", certificate.ExportCertificatePem()), folder.Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }
}
