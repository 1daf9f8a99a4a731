using System.Security.Cryptography.X509Certificates;

namespace Gateway.Core.Identity.Spiffe;

/// <summary>A certification path (RFC 5280, section 6) from a certificate to one authority, or why there is none.</summary>
/// <param name="Until">When the first certificate on it runs out, skew included; null where there is no path.</param>
/// <param name="Failure">Meaningless while <paramref name="Until"/> is set.</param>
internal sealed record CertificatePath(DateTimeOffset? Until, IdentityFailure Failure)
{
    private const X509ChainStatusFlags NoPath = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot;

    public static CertificatePath Find(
        X509Certificate2 leaf,
        IReadOnlyList<X509Certificate2> intermediates,
        X509Certificate2 authority,
        TimeSpan skew,
        DateTimeOffset now)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.Add(authority);
        policy.ExtraStore.AddRange(intermediates.ToArray());

        // SVIDs live shortly instead of being revoked. Nothing is fetched from an address that a stranger's certificate names.
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;

        // The time helps to choose between certificates; it is judged below, since the platform knows no skew.
        policy.VerificationTime = now.UtcDateTime;
        policy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        chain.Build(leaf);
        try
        {
            return Judge(chain, authority, skew, now);
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }
    }

    private static CertificatePath Judge(X509Chain chain, X509Certificate2 authority, TimeSpan skew, DateTimeOffset now)
    {
        var path = chain.ChainElements.Select(element => element.Certificate).ToArray();
        if (path.Length < 2 || !path[^1].RawDataMemory.Span.SequenceEqual(authority.RawDataMemory.Span))
        {
            return new(null, IdentityFailure.CertificateUntrusted);
        }

        // For the platform a path ends in a root. The authority may be one that another one has signed (X509-SVID, section 6.1);
        // the path then ends in it all the same, and lacks nothing but the authority's own issuer.
        var problems = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status) & ~X509ChainStatusFlags.NotTimeValid;
        if (!authority.SubjectName.RawData.AsSpan().SequenceEqual(authority.IssuerName.RawData))
        {
            problems &= ~X509ChainStatusFlags.PartialChain;
        }

        if (problems != X509ChainStatusFlags.NoError)
        {
            return new(null, (problems & ~NoPath) == X509ChainStatusFlags.NoError ? IdentityFailure.CertificateUntrusted : IdentityFailure.CertificateChainInvalid);
        }

        if (!SigningCertificate.IsAuthority(authority) || !path[1..^1].All(SigningCertificate.IsIntermediate))
        {
            return new(null, IdentityFailure.CertificateChainInvalid);
        }

        if (path.Any(certificate => now + skew < ValidityPeriod.Start(certificate)))
        {
            return new(null, IdentityFailure.CertificateNotYetValid);
        }

        var until = path.Min(ValidityPeriod.End) + skew;
        return until < now ? new(null, IdentityFailure.CertificateExpired) : new(until, default);
    }
}
