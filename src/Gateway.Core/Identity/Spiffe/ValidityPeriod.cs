using System.Security.Cryptography.X509Certificates;

namespace Gateway.Core.Identity.Spiffe;

/// <summary>When a certificate is valid (RFC 5280, section 4.1.2.5), both ends included.</summary>
internal static class ValidityPeriod
{
    public static DateTimeOffset Start(X509Certificate2 certificate) => new(certificate.NotBefore.ToUniversalTime());

    public static DateTimeOffset End(X509Certificate2 certificate) => new(certificate.NotAfter.ToUniversalTime());
}
