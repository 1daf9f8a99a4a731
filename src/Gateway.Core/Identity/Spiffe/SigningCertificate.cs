using System.Security.Cryptography.X509Certificates;

namespace Gateway.Core.Identity.Spiffe;

/// <summary>What is demanded of a certificate that signs others (X509-SVID, sections 3.2 and 4).</summary>
internal static class SigningCertificate
{
    /// <summary>Whether it may stand in a bundle. Being there is what makes it trusted, so a key usage that is absent restricts nothing.</summary>
    public static bool IsAuthority(X509Certificate2 certificate) => IsSound(certificate, usageRequired: false);

    /// <summary>Whether it may stand between a workload's certificate and its authority.</summary>
    public static bool IsIntermediate(X509Certificate2 certificate) => IsSound(certificate, usageRequired: true);

    private static bool IsSound(X509Certificate2 certificate, bool usageRequired)
    {
        var constraints = certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault();
        var usage = certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        return constraints is { CertificateAuthority: true }
            && (usage?.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign) ?? !usageRequired)
            && NamesNoWorkload(certificate);
    }

    /// <summary>Section 3.2: with a path its SPIFFE ID would be a workload's, and workloads sign nobody.</summary>
    private static bool NamesNoWorkload(X509Certificate2 certificate)
    {
        try
        {
            var uris = SubjectUris.Read(certificate);
            return uris.Count == 0
                || (uris.Count == 1 && (!uris[0].StartsWith("spiffe:", StringComparison.OrdinalIgnoreCase)
                    // The bundle specification's own example has the slash.
                    || (SpiffeId.TryParse(uris[0].EndsWith('/') ? uris[0][..^1] : uris[0], out var id) && !id.HasPath)));
        }
        catch (System.Formats.Asn1.AsnContentException)
        {
            return false;
        }
    }
}
