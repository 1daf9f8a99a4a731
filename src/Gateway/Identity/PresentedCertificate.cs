using System.Security.Cryptography.X509Certificates;
using Gateway.Core.Identity.Spiffe;

namespace Gateway.Identity;

/// <summary>The certificate that a TLS connection's client has proved to hold, and what came of judging it. A feature of the connection.</summary>
/// <remarks>
/// Nothing of it was verified in the handshake. It is judged when a call first needs it, and again only when its trust
/// domain or that one's bundle has changed, or its time is up.
/// </remarks>
/// <param name="leaf">The client's own certificate.</param>
/// <param name="intermediates">What else the client has sent.</param>
internal sealed class PresentedCertificate(X509Certificate2 leaf, IReadOnlyList<X509Certificate2> intermediates)
{
    private X509SvidVerdict? _verdict;

    /// <summary>The verdict by one configuration. Calls of one connection may judge at the same time, and then come to the same.</summary>
    public X509SvidVerdict Judge(TrustDomainSet domains, DateTimeOffset now)
    {
        var verdict = Volatile.Read(ref _verdict);
        if (verdict is null || !verdict.StillHolds(domains, now))
        {
            verdict = X509SvidValidator.Validate(leaf, intermediates, domains, now);
            Volatile.Write(ref _verdict, verdict);
        }

        return verdict;
    }
}
