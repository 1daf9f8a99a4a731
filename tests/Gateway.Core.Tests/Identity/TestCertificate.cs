using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Core.Tests.Identity;

/// <summary>What a test wants in a certificate.</summary>
internal sealed class TestCertificate
{
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    public string Subject { get; set; } = "";

    public List<string> Uris { get; } = [];

    public List<string> DnsNames { get; } = [];

    public DateTimeOffset NotBefore { get; set; }

    public DateTimeOffset NotAfter { get; set; }

    public bool IsAuthority { get; set; }

    public bool HasConstraints { get; set; } = true;

    public int? PathLength { get; set; }

    /// <summary>Null leaves the extension out.</summary>
    public X509KeyUsageFlags? Usages { get; set; }

    public bool UsagesAreCritical { get; set; } = true;

    public List<string> ExtendedUsages { get; } = [];

    public List<X509Extension> Others { get; } = [];

    /// <summary>Critical name constraints (RFC 5280, section 4.2.1.10) that permit URIs of one host.</summary>
    public void PermitUrisOf(string host)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, host, new Asn1Tag(TagClass.ContextSpecific, 6));
        }

        Others.Add(new X509Extension("2.5.29.30", writer.Encode(), critical: true));
    }

    public X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Request(key).CreateSelfSigned(NotBefore, NotAfter);
    }

    public X509Certificate2 SignedBy(X509Certificate2 issuer, byte[] serial)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signing = issuer.GetECDsaPrivateKey()!;

        // Without the convenience overload, which refuses issuers that are none: some tests want one.
        using var certificate = Request(key).Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(signing), NotBefore, NotAfter, serial);
        return certificate.CopyWithPrivateKey(key);
    }

    private CertificateRequest Request(ECDsa key)
    {
        var request = new CertificateRequest(Subject, key, HashAlgorithmName.SHA256);
        if (HasConstraints)
        {
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(IsAuthority, PathLength is not null, PathLength ?? 0, critical: true));
        }

        if (Usages is { } usages)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(usages, UsagesAreCritical));
        }

        if (ExtendedUsages.Count > 0)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. ExtendedUsages.Select(oid => new Oid(oid))], critical: false));
        }

        if (Uris.Count + DnsNames.Count > 0)
        {
            request.CertificateExtensions.Add(Names());
        }

        Others.ForEach(request.CertificateExtensions.Add);
        return request;
    }

    /// <summary>Written here, since the platform's builder takes no URI that it would not parse.</summary>
    private X509Extension Names()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var name in DnsNames)
            {
                writer.WriteCharacterString(UniversalTagNumber.IA5String, name, new Asn1Tag(TagClass.ContextSpecific, 2));
            }

            foreach (var uri in Uris)
            {
                writer.WriteCharacterString(UniversalTagNumber.IA5String, uri, new Asn1Tag(TagClass.ContextSpecific, 6));
            }
        }

        return new X509Extension("2.5.29.17", writer.Encode(), critical: false);
    }
}
