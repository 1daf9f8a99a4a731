using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Identity.Keys;

namespace Gateway.Core.Identity.Jwt;

/// <summary>A token that passed every check of its own, with all that could make it fail later.</summary>
/// <remarks>
/// The identity in it comes out through <see cref="Prove"/> alone, so that no caller can take a token that is bound to a key for one
/// that is not.
/// </remarks>
internal sealed class VerifiedToken(string text, AgentIdentity agent, JwtHeader header, TrustedIssuer issuer, SigningKey key, IssuerSet issuers, SigningKeySet keys)
{
    // What the token was last held against. Written by whichever call sees a newer one first; both writers and readers
    // only ever skip a comparison that would come out the same.
    private IssuerSet _heldAgainstIssuers = issuers;
    private SigningKeySet _heldAgainstKeys = keys;
    private long _lastUsed;

    /// <summary>What whoever presents the token must prove; null where nothing.</summary>
    public Confirmation? Confirmation => agent.Confirmation;

    /// <summary>What a DPoP proof must say in <c>ath</c> (RFC 9449, section 4.2); empty for a token that is not bound to a key.</summary>
    public string Hash { get; } = agent.Confirmation?.Key is null ? "" : Base64UrlText.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(text)));

    /// <summary>From when the token's issuer must be asked again whether it stands by the token; set before the token is remembered.</summary>
    public DateTimeOffset ReviewedUntil { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>Ticks, to the second.</summary>
    public long LastUsed => Volatile.Read(ref _lastUsed);

    public bool IsExpired(DateTimeOffset now) => now >= ReviewedUntil || ClaimsValidator.IsExpired(agent.ExpiresAt, issuer.Definition.ClockSkew, now);

    /// <summary>The identity, if everything that the token is bound to is among what the caller has proven on this request.</summary>
    public IdentityResult Prove(in ProvenKeys proven)
    {
        if (Confirmation is not { } confirmation)
        {
            return IdentityResult.Success(agent);
        }

        if (confirmation.HasCertificate && !confirmation.IsBoundToCertificate(proven.CertificateThumbprint.Span))
        {
            return Refuse(proven.CertificateThumbprint.IsEmpty ? IdentityFailure.CertificateRequired : IdentityFailure.CertificateMismatch);
        }

        return confirmation.Key is { } bound && bound.Thumbprint != proven.KeyThumbprint
            ? Refuse(IdentityFailure.ProofRequired)
            : IdentityResult.Success(agent);
    }

    public IdentityResult Refuse(IdentityFailure failure) => IdentityResult.Fail(failure, agent.Issuer, agent.Id);

    /// <summary>Whether a full verification would accept the token again.</summary>
    /// <remarks>Not only time ends a token: a reload may have changed its issuer, and a refresh may have dropped its key.</remarks>
    public bool IsGood(IssuerSet currentIssuers, DateTimeOffset now)
    {
        if (IsExpired(now))
        {
            return false;
        }

        if (!ReferenceEquals(currentIssuers, _heldAgainstIssuers))
        {
            if (!currentIssuers.Contains(issuer))
            {
                return false;
            }

            _heldAgainstIssuers = currentIssuers;
        }

        var currentKeys = issuer.Keys.Current;
        if (currentKeys is null || !issuer.Trusts(currentKeys, now))
        {
            return false;
        }

        if (!ReferenceEquals(currentKeys, _heldAgainstKeys))
        {
            // Looked up as the token names it: a token without kid is void once the issuer has a second key.
            if (currentKeys.Find(header.KeyId, header.Algorithm) is not { } current || !current.IsSameAs(key))
            {
                return false;
            }

            _heldAgainstKeys = currentKeys;
        }

        return true;
    }

    /// <summary>Notes the use; to the second, so that calls with one token do not fight for its cache line.</summary>
    public void Touch(DateTimeOffset now)
    {
        if (now.Ticks - LastUsed >= TimeSpan.TicksPerSecond)
        {
            Volatile.Write(ref _lastUsed, now.Ticks);
        }
    }
}
