using Gateway.Core.Identity;
using Gateway.Core.Identity.Spiffe;
using Gateway.Pipeline;

namespace Gateway.Identity;

/// <summary>Identifies by the client certificate of the call's TLS connection, which must be an X.509-SVID.</summary>
internal sealed class CertificateIdentity(TimeProvider clock) : IIdentitySource
{
    public ValueTask<IdentityResult> IdentifyAsync(Call call, CancellationToken cancellationToken)
    {
        if (call.Http.Features.Get<PresentedCertificate>() is not { } certificate)
        {
            return new(IdentityResult.Fail(IdentityFailure.Missing));
        }

        var verdict = certificate.Judge(call.Snapshot.TrustDomains, clock.GetUtcNow());
        return verdict.Failure is IdentityFailure.CertificateUntrusted or IdentityFailure.BundleUnavailable && verdict.Domain is { } domain
            ? RefreshAndJudgeAsync(certificate, domain, call, cancellationToken)
            : new(verdict.Result);
    }

    /// <summary>Whether a certificate beside a verified token names another agent.</summary>
    /// <remarks>One that does not verify names nobody: there are certificates that are no SVIDs, and a token stands by itself.</remarks>
    public bool Disagrees(Call call, AgentIdentity agent) =>
        // A token that is bound to a certificate was accepted with that certificate.
        agent.Confirmation is not { HasCertificate: true }
        && call.Http.Features.Get<PresentedCertificate>() is { } certificate
        && certificate.Judge(call.Snapshot.TrustDomains, clock.GetUtcNow()).Agent is { } other
        && other.Id != agent.Id;

    /// <summary>The slow path: its authority may be newer than the bundle we have, so the trust domain is asked, if it may be asked again.</summary>
    private async ValueTask<IdentityResult> RefreshAndJudgeAsync(PresentedCertificate certificate, TrustDomain domain, Call call, CancellationToken cancellationToken)
    {
        await domain.Bundles.RefreshAsync(domain.Bundles.Current, cancellationToken);
        return certificate.Judge(call.Snapshot.TrustDomains, clock.GetUtcNow()).Result;
    }
}
