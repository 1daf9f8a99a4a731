using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Core.Identity.Kinds;
using Gateway.Core.Identity.Spiffe;

namespace Gateway.Core.Identity.Jwt;

/// <summary>Judges the claims of a token whose signature holds, and makes the identity of them.</summary>
internal static class ClaimsValidator
{
    private const int MaxSubjectLength = 1024;
    private const int MaxTokenIdLength = 128;

    public static bool TryValidate(
        CompactToken token,
        TrustedIssuer issuer,
        DateTimeOffset now,
        [NotNullWhen(true)] out AgentIdentity? identity,
        out IdentityFailure failure)
    {
        identity = null;
        var claims = token.Payload;
        if (!NumericDate.TryRead(claims, "exp", out var expires)
            || !NumericDate.TryRead(claims, "nbf", out var notBefore)
            || !NumericDate.TryRead(claims, "iat", out var issuedAt)
            || expires is not { } expiresAt)
        {
            failure = IdentityFailure.Malformed;
            return false;
        }

        var definition = issuer.Definition;
        if (IsExpired(expiresAt, definition.ClockSkew, now))
        {
            failure = IdentityFailure.Expired;
            return false;
        }

        // A token from the future is refused although RFC 7519 leaves iat alone: its issuer's clock is wrong, or ours is.
        if (notBefore > now + definition.ClockSkew || issuedAt > now + definition.ClockSkew)
        {
            failure = IdentityFailure.NotYetValid;
            return false;
        }

        // JWT-SVID, section 3, asks for no iat: without it, what is left of the token's life counts.
        var issued = issuedAt ?? (definition.IsTrustDomain ? now + definition.ClockSkew : null);
        if (definition.MaxLifetime is { } maxLifetime && (issued is not { } start || expiresAt - start > maxLifetime))
        {
            failure = IdentityFailure.LifetimeTooLong;
            return false;
        }

        if (!IsForUs(claims, issuer) || (definition.IsTrustDomain && !JwtSvid.HasOneAudience(claims)))
        {
            failure = IdentityFailure.AudienceInvalid;
            return false;
        }

        if (!claims.TryGetProperty("sub", out var sub)
            || sub.ValueKind != JsonValueKind.String
            || sub.GetString() is not { Length: > 0 } subject
            || !(definition.IsTrustDomain ? JwtSvid.IsSubject(subject, issuer.Name) : subject.Length <= MaxSubjectLength && SafeText.IsPlain(subject)))
        {
            failure = IdentityFailure.SubjectInvalid;
            return false;
        }

        // A trust domain's workloads are named by their SPIFFE IDs and by nothing else.
        var name = subject;
        if (!definition.IsTrustDomain && !WorkloadClaims.TryName(claims, issuer, out name, out failure))
        {
            return false;
        }

        if (!DelegationClaims.TryRead(claims, issuer, out var delegation))
        {
            failure = IdentityFailure.DelegationInvalid;
            return false;
        }

        if (!Confirmation.TryRead(claims, out var confirmation))
        {
            failure = IdentityFailure.ConfirmationUnusable;
            return false;
        }

        if (!IsBoundAs(definition.RequiredProof, confirmation))
        {
            failure = IdentityFailure.TokenNotBound;
            return false;
        }

        failure = default;
        identity = new AgentIdentity
        {
            Id = issuer.AgentId(delegation?.Actor ?? name),
            OnBehalfOf = delegation is null ? null : issuer.AgentId(name),
            EarlierActors = delegation is null ? [] : [.. delegation.EarlierActors.Select(issuer.AgentId)],
            Issuer = issuer.Name,
            Method = issuer.Method,
            Confirmation = confirmation,

            // The identity of a bound token leaves its VerifiedToken with the proof only.
            ProofOfPossession = confirmation is not null,
            Claims = Select(claims, definition.Claims),
            IssuedAt = issuedAt,
            ExpiresAt = expiresAt,
            TokenId = TokenId(token),
        };
        return true;
    }

    /// <summary>Whether a token's time is up; the skew counts from <c>exp</c>, and its last moment still counts.</summary>
    public static bool IsExpired(DateTimeOffset expiresAt, TimeSpan clockSkew, DateTimeOffset now) =>
        now - clockSkew > expiresAt;

    private static bool IsBoundAs(RequiredProof required, Confirmation? confirmation) => required switch
    {
        RequiredProof.None => true,
        RequiredProof.Dpop => confirmation?.Key is not null,
        RequiredProof.MutualTls => confirmation?.HasCertificate == true,
        _ => false,
    };

    /// <summary>RFC 7519, section 4.1.3: one string, or an array of strings.</summary>
    private static bool IsForUs(JsonElement claims, TrustedIssuer issuer)
    {
        if (!claims.TryGetProperty("aud", out var audience))
        {
            return false;
        }

        return audience.ValueKind switch
        {
            JsonValueKind.String => Accepts(audience),
            JsonValueKind.Array => audience.EnumerateArray().All(entry => entry.ValueKind == JsonValueKind.String)
                && audience.EnumerateArray().Any(Accepts),
            _ => false,
        };

        bool Accepts(JsonElement entry) => entry.GetString() is { } name && issuer.AcceptsAudience(name);
    }

    private static Dictionary<string, JsonElement> Select(JsonElement claims, IReadOnlyList<string> names)
    {
        var selected = new Dictionary<string, JsonElement>(names.Count, StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (claims.TryGetProperty(name, out var value))
            {
                // A clone, since the element would keep the whole token in memory.
                selected[name] = value.Clone();
            }
        }

        return selected;
    }

    private static string TokenId(CompactToken token)
    {
        if (token.Payload.TryGetProperty("jti", out var jti)
            && jti.ValueKind == JsonValueKind.String
            && jti.GetString() is { Length: > 0 and <= MaxTokenIdLength } id
            && SafeText.IsPlain(id))
        {
            return id;
        }

        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(token.Text.ToString()));
        return $"sha256:{Convert.ToHexStringLower(hash.AsSpan(0, 8))}";
    }
}
