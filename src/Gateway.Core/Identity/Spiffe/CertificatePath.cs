using System.Security.Cryptography.X509Certificates;

namespace Gateway.Core.Identity.Spiffe;

/// <summary>A certification path (RFC 5280, section 6) from a certificate to one authority, or why there is none.</summary>
/// <param name="Until">When the first certificate on it runs out, skew included; null where there is no path.</param>
/// <param name="Failure">Meaningless while <paramref name="Until"/> is set.</param>
internal sealed record CertificatePath(DateTimeOffset? Until, IdentityFailure Failure)
{
    /// <summary>What is wrong with a certificate whose issuer is not known, or only by its name.</summary>
    private const X509ChainStatusFlags NotRooted =
        X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.NotSignatureValid;

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
        var elements = chain.ChainElements.ToList();
        var end = elements.FindIndex(element => element.Certificate.RawDataMemory.Span.SequenceEqual(authority.RawDataMemory.Span));
        if (end < 1)
        {
            return new(null, IdentityFailure.CertificateUntrusted);
        }

        // For the platform a path ends in a root. The authority may be one that another one has signed (X509-SVID, section 6.1):
        // the path then ends in it all the same, and who has signed it, or whether anybody knows, does not matter.
        var problems = elements[..end].Aggregate(Problems(elements[end]) & ~NotRooted, (all, element) => all | Problems(element)) & ~X509ChainStatusFlags.NotTimeValid;
        if (problems != X509ChainStatusFlags.NoError)
        {
            return new(null, (problems & ~NotRooted) == X509ChainStatusFlags.NoError ? IdentityFailure.CertificateUntrusted : IdentityFailure.CertificateChainInvalid);
        }

        var path = elements[..(end + 1)].ConvertAll(element => element.Certificate);
        if (!SigningCertificate.IsAuthority(authority) || !path[1..end].All(SigningCertificate.IsIntermediate))
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

    private static X509ChainStatusFlags Problems(X509ChainElement element) =>
        element.ChainElementStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
}
