using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Integrations.Tests.Receivers;

/// <summary>A self-signed certificate, as PEM files and for a server.</summary>
internal sealed class ReceiverCertificate
{
    /// <param name="folder">Where the files go.</param>
    /// <param name="name">Of the files, and the certificate's subject.</param>
    /// <param name="host">Who it is for, beside 127.0.0.1; null: nobody at all.</param>
    public ReceiverCertificate(string folder, string name, string? host = "localhost")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (host is null)
        {
            names.AddDnsName("other.example");
        }
        else
        {
            names.AddIpAddress(IPAddress.Loopback);
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        CertificateFile = Path.Combine(folder, $"{name}.pem");
        KeyFile = Path.Combine(folder, $"{name}.key");
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
        Server = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    public string CertificateFile { get; }

    public string KeyFile { get; }

    public X509Certificate2 Server { get; }
}
