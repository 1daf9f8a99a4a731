namespace Gateway.Core.Identity.Spiffe;

/// <summary>What came of judging a certificate, with all that could make it come out differently later.</summary>
internal sealed class X509SvidVerdict
{
    /// <summary>Set where the certificate is an SVID that verifies.</summary>
    public AgentIdentity? Agent { get; private init; }

    /// <summary>Meaningless while <see cref="Agent"/> is set.</summary>
    public IdentityFailure Failure { get; private init; }

    /// <summary>The SPIFFE ID that the certificate holds, verified or not; null where it holds none.</summary>
    public SpiffeId? Id { get; private init; }

    /// <summary>Whose bundle judged; null where it did not come to that.</summary>
    public TrustDomain? Domain { get; private init; }

    public SpiffeBundle? Bundle { get; private init; }

    /// <summary>When the first certificate of the chain runs out, skew included.</summary>
    private DateTimeOffset Until { get; init; }

    public IdentityResult Result => Agent is null ? IdentityResult.Fail(Failure, Domain?.Name, Id?.Text) : IdentityResult.Success(Agent);

    public static X509SvidVerdict Accept(AgentIdentity agent, SpiffeId id, TrustDomain domain, SpiffeBundle bundle, DateTimeOffset until) =>
        new() { Agent = agent, Id = id, Domain = domain, Bundle = bundle, Until = until };

    public static X509SvidVerdict Refuse(IdentityFailure failure, SpiffeId? id = null, TrustDomain? domain = null, SpiffeBundle? bundle = null) =>
        new() { Failure = failure, Id = id, Domain = domain, Bundle = bundle };

    /// <summary>Whether judging again would come to the same; costs a look-up and no cryptography.</summary>
    public bool StillHolds(TrustDomainSet domains, DateTimeOffset now)
    {
        if (Domain is null)
        {
            // Either the certificate is none of ours whatever is configured, or the trust domain is unknown so far.
            return Id is null;
        }

        return Bundle is not null
            && domains.TryGet(Domain.Name, out var current)
            && ReferenceEquals(current, Domain)
            && ReferenceEquals(current.CurrentBundle(now), Bundle)
            && (Agent is not null ? now <= Until : Failure != IdentityFailure.CertificateNotYetValid);
    }
}
