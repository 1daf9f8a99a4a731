using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Core.Identity.Spiffe;

/// <summary>Tells which workload a certificate identifies, or why none (X509-SVID, section 5).</summary>
internal static class X509SvidValidator
{
    public const string Method = "x509-svid";

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const X509KeyUsageFlags Signs = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign;

    /// <param name="leaf">The certificate whose key the peer has proved to hold.</param>
    /// <param name="intermediates">What the peer sent beside it, in any order; nothing in them is trusted.</param>
    /// <param name="domains">The bundle of the certificate's own trust domain judges, and no other.</param>
    /// <param name="now">The moment of the judgement.</param>
    public static X509SvidVerdict Validate(X509Certificate2 leaf, IReadOnlyList<X509Certificate2> intermediates, TrustDomainSet domains, DateTimeOffset now)
    {
        try
        {
            return Judge(leaf, intermediates, domains, now);
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException)
        {
            return X509SvidVerdict.Refuse(IdentityFailure.CertificateMalformed);
        }
    }

    private static X509SvidVerdict Judge(X509Certificate2 leaf, IReadOnlyList<X509Certificate2> intermediates, TrustDomainSet domains, DateTimeOffset now)
    {
        // RFC 5280, section 4.2: of two extensions of one kind, who knows which one somebody else reads.
        if (leaf.Extensions.DistinctBy(extension => extension.Oid?.Value).Count() != leaf.Extensions.Count)
        {
            return X509SvidVerdict.Refuse(IdentityFailure.CertificateMalformed);
        }

        var uris = SubjectUris.Read(leaf);
        if (uris.Count != 1 || !SpiffeId.TryParse(uris[0], out var id) || !id.HasPath)
        {
            return X509SvidVerdict.Refuse(IdentityFailure.SpiffeIdInvalid);
        }

        if (!domains.TryGet(id.TrustDomain, out var domain))
        {
            return X509SvidVerdict.Refuse(IdentityFailure.TrustDomainUnknown, id);
        }

        if (domain.CurrentBundle(now) is not { } bundle)
        {
            return X509SvidVerdict.Refuse(IdentityFailure.BundleUnavailable, id, domain);
        }

        var skew = domain.Definition.ClockSkew;
        var failure = IsWorkload(leaf) ? CheckTime(leaf, skew, now) : IdentityFailure.CertificateUsageInvalid;
        if (failure is { } refused)
        {
            return X509SvidVerdict.Refuse(refused, id, domain, bundle);
        }

        // One authority at a time: two of one name, as during a rotation, must not stand in each other's way.
        var worst = IdentityFailure.CertificateUntrusted;
        foreach (var authority in bundle.Authorities)
        {
            var path = CertificatePath.Find(leaf, intermediates, authority, skew, now);
            if (path.Until is { } until)
            {
                return X509SvidVerdict.Accept(Identity(leaf, id), id, domain, bundle, until);
            }

            worst = path.Failure == IdentityFailure.CertificateUntrusted ? worst : path.Failure;
        }

        return X509SvidVerdict.Refuse(worst, id, domain, bundle);
    }

    /// <summary>Sections 4.1, 4.3, 4.4 and 5.2: a certificate that may act, and may not sign others.</summary>
    private static bool IsWorkload(X509Certificate2 leaf)
    {
        var constraints = leaf.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault();
        var usage = leaf.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        var extended = leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        return constraints is not { CertificateAuthority: true }
            && usage is { Critical: true }
            && usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature)
            && (usage.KeyUsages & Signs) == X509KeyUsageFlags.None
            && (extended is null || (Has(extended, ServerAuthentication) && Has(extended, ClientAuthentication)));
    }

    private static bool Has(X509EnhancedKeyUsageExtension extended, string purpose) =>
        extended.EnhancedKeyUsages.Cast<Oid>().Any(oid => oid.Value == purpose);

    private static IdentityFailure? CheckTime(X509Certificate2 certificate, TimeSpan skew, DateTimeOffset now) =>
        now - skew > ValidityPeriod.End(certificate) ? IdentityFailure.CertificateExpired
        : now + skew < ValidityPeriod.Start(certificate) ? IdentityFailure.CertificateNotYetValid
        : null;

    private static AgentIdentity Identity(X509Certificate2 leaf, SpiffeId id) => new()
    {
        Id = id.Text,
        Issuer = id.TrustDomain,
        Method = Method,

        // The TLS handshake was signed with the certificate's key.
        ProofOfPossession = true,
        IssuedAt = ValidityPeriod.Start(leaf),
        ExpiresAt = ValidityPeriod.End(leaf),
        TokenId = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(leaf.RawData).AsSpan(0, 8))}",
    };
}
