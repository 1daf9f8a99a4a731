using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Gateway.Core.Identity.Spiffe;

namespace Gateway.Integrations.Spiffe;

/// <summary>How a bundle endpoint's server proves itself (SPIFFE Federation, section 5.2).</summary>
internal static class EndpointTls
{
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="domains">The trust domains in force; one of them vouches for the server under <c>https_spiffe</c>.</param>
    /// <param name="time">The clock.</param>
    public static SslClientAuthenticationOptions Create(BundleEndpoint endpoint, Func<TrustDomainSet> domains, TimeProvider time) => endpoint switch
    {
        { ServerId: { } id } => new()
        {
            // The host's name says nothing here; the SPIFFE ID says all.
            RemoteCertificateValidationCallback = (_, certificate, chain, _) => IsServer(certificate, chain, id, domains(), time.GetUtcNow()),
            CertificateChainPolicy = CapturingPolicy(),
            AllowTlsResume = false,
        },
        { CaFile: { } file } => new() { CertificateChainPolicy = PrivatePolicy(file) },
        _ => new(),
    };

    private static bool IsServer(X509Certificate? certificate, X509Chain? chain, SpiffeId id, TrustDomainSet domains, DateTimeOffset now)
    {
        if (certificate is not X509Certificate2 leaf)
        {
            return false;
        }

        // The chain that the platform has built is of no interest, what the server has sent for it is.
        X509Certificate2[] intermediates = chain is null ? [] : [.. chain.ChainPolicy.ExtraStore];
        return X509SvidValidator.Validate(leaf, intermediates, domains, now) is { Agent: not null } verdict && verdict.Id == id;
    }

    private static X509ChainPolicy CapturingPolicy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    private static X509ChainPolicy PrivatePolicy(string file)
    {
        var policy = CapturingPolicy();
        policy.CustomTrustStore.ImportFromPemFile(file);
        return policy;
    }
}
