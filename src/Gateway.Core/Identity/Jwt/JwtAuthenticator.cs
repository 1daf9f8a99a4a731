using System.Text.Json;
using Gateway.Core.Identity.Keys;
using Gateway.Core.Identity.Spiffe;

namespace Gateway.Core.Identity.Jwt;

/// <summary>Verifies tokens. Whoever presents one may have to prove more, see <see cref="VerifiedToken.Prove"/>.</summary>
/// <remarks>
/// Signatures are verified with System.Security.Cryptography and not with <c>JsonWebTokenHandler</c>. The rules here are
/// stricter than the library's (it tries every key for an unknown <c>kid</c>, ignores <c>crit</c>, accepts duplicate names
/// and loose base64url), so every token would have to be parsed and checked before it is handed over; what it then adds is
/// one call to RSA or ECDsa, at the price of a second parser that could read the same token differently, process-wide caches
/// of keys, and exceptions that quote the token.
/// </remarks>
internal sealed class JwtAuthenticator
{
    public const int DefaultCacheCapacity = 10_000;

    // A refresh answers at most with the set that follows; a second and third may follow while we look.
    private const int MaxRefreshes = 3;

    private readonly VerifiedTokenCache _cache;
    private readonly TimeProvider _time;
    private IssuerSet _issuers;

    public JwtAuthenticator(IssuerSet issuers, TimeProvider time, int cacheCapacity = DefaultCacheCapacity)
    {
        _issuers = issuers;
        _time = time;
        _cache = new VerifiedTokenCache(cacheCapacity);
    }

    /// <summary>How many verified tokens are remembered.</summary>
    public int CachedTokens => _cache.Count;

    /// <summary>Told of every look into the cache whether it found the token; null where nobody counts.</summary>
    public Action<bool>? LookedUp { get; init; }

    /// <summary>Swaps the issuers; tokens of issuers that are not in the new set, the same instance, must verify anew.</summary>
    public void Replace(IssuerSet issuers) => Volatile.Write(ref _issuers, issuers);

    public ValueTask<TokenResult> AuthenticateAsync(string token, CancellationToken cancellationToken) =>
        AuthenticateAsync(token.AsMemory(), cancellationToken);

    /// <param name="token">The token alone, without scheme or white space.</param>
    /// <param name="cancellationToken">The call's own end.</param>
    public ValueTask<TokenResult> AuthenticateAsync(ReadOnlyMemory<char> token, CancellationToken cancellationToken) =>
        AuthenticateAsync(token, Volatile.Read(ref _issuers), cancellationToken);

    /// <summary>As the other, by the issuers of one configuration, so that a call is judged by one configuration throughout.</summary>
    public ValueTask<TokenResult> AuthenticateAsync(ReadOnlyMemory<char> token, IssuerSet issuers, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var known = _cache.Find(token.Span, issuers, now);
        LookedUp?.Invoke(known is not null);
        return known is not null ? new(TokenResult.Of(known)) : VerifyAsync(token, issuers, now, cancellationToken);
    }

    private ValueTask<TokenResult> VerifyAsync(ReadOnlyMemory<char> text, IssuerSet issuers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (text.Length > CompactToken.MaxLength)
        {
            return new(TokenResult.Refuse(IdentityResult.Fail(IdentityFailure.TooLarge)));
        }

        if (CompactToken.TryParse(text) is not { } token)
        {
            return new(TokenResult.Refuse(IdentityResult.Fail(IdentityFailure.Malformed)));
        }

        // Chosen before the header is judged, so that the record can say whom a refused token claims to be.
        var issuer = FindIssuer(token, issuers);
        if (!JwtHeader.TryRead(token.Header, out var header, out var failure))
        {
            return new(Refuse(failure, issuer, token));
        }

        if (issuer is null)
        {
            return new(Refuse(IdentityFailure.IssuerUnknown, issuer, token));
        }

        if (issuer.Definition.IsTrustDomain && !JwtSvid.AllowsHeader(token.Header))
        {
            return new(Refuse(IdentityFailure.HeaderNotAllowed, issuer, token));
        }

        if (!issuer.Accepts(header.Algorithm))
        {
            return new(Refuse(IdentityFailure.AlgorithmNotAllowed, issuer, token));
        }

        if (!issuer.AcceptsType(header.Type))
        {
            return new(Refuse(IdentityFailure.TypeNotAllowed, issuer, token));
        }

        var keys = issuer.Keys.Current;
        return keys is not null && issuer.Trusts(keys, now) && keys.Find(header.KeyId, header.Algorithm) is { } key
            ? VerifyAsync(token, header, issuer, issuers, keys, key, cancellationToken)
            : RefreshAndVerifyAsync(token, header, issuer, issuers, keys, cancellationToken);
    }

    /// <summary>The slow path: the key is not among those we have, so the issuer is asked, if it may be asked again.</summary>
    private async ValueTask<TokenResult> RefreshAndVerifyAsync(
        CompactToken token,
        JwtHeader header,
        TrustedIssuer issuer,
        IssuerSet issuers,
        SigningKeySet? seen,
        CancellationToken cancellationToken)
    {
        for (var refreshes = 0; refreshes < MaxRefreshes; refreshes++)
        {
            var keys = await issuer.Keys.RefreshAsync(seen, cancellationToken);
            if (keys is null || ReferenceEquals(keys, seen))
            {
                break;
            }

            seen = keys;
            if (issuer.Trusts(keys, _time.GetUtcNow()) && keys.Find(header.KeyId, header.Algorithm) is { } key)
            {
                return await VerifyAsync(token, header, issuer, issuers, keys, key, cancellationToken);
            }
        }

        var failure = issuer.Trusts(seen, _time.GetUtcNow()) ? IdentityFailure.KeyUnknown : IdentityFailure.KeysUnavailable;
        return Refuse(failure, issuer, token);
    }

    private ValueTask<TokenResult> VerifyAsync(
        CompactToken token, JwtHeader header, TrustedIssuer issuer, IssuerSet issuers, SigningKeySet keys, SigningKey key, CancellationToken cancellationToken)
    {
        if (!key.Verify(header.Algorithm, token.GetSigningInput(), token.Signature))
        {
            return new(Refuse(IdentityFailure.SignatureInvalid, issuer, token));
        }

        var now = _time.GetUtcNow();
        if (!ClaimsValidator.TryValidate(token, issuer, now, out var agent, out var failure))
        {
            return new(Refuse(failure, issuer, token));
        }

        var text = token.Text.ToString();
        var verified = new VerifiedToken(text, agent, header, issuer, key, issuers, keys);
        if (issuer.Reviewer is { } reviewer)
        {
            return ReviewAsync(reviewer, token, text, verified, issuer, cancellationToken);
        }

        _cache.Add(text, verified, now);
        return new(TokenResult.Of(verified));
    }

    /// <summary>After everything else, never instead: only what verifies is worth a question to its issuer.</summary>
    private async ValueTask<TokenResult> ReviewAsync(
        ITokenReviewer reviewer, CompactToken token, string text, VerifiedToken verified, TrustedIssuer issuer, CancellationToken cancellationToken)
    {
        var subject = token.Payload.GetProperty("sub").GetString() ?? "";
        var review = await reviewer.ReviewAsync(text, subject, cancellationToken);
        if (!review.Stands)
        {
            return Refuse(review.Failure, issuer, token);
        }

        // The question took its time.
        var now = _time.GetUtcNow();
        if (verified.IsExpired(now))
        {
            return Refuse(IdentityFailure.Expired, issuer, token);
        }

        verified.ReviewedUntil = review.Until;
        if (!verified.IsExpired(now))
        {
            _cache.Add(text, verified, now);
        }

        return TokenResult.Of(verified);
    }

    /// <summary>The issuer that <c>iss</c> names; else, as a JWT-SVID need not have one, the trust domain that <c>sub</c> lies in.</summary>
    private static TrustedIssuer? FindIssuer(CompactToken token, IssuerSet issuers)
    {
        if (Text(token, "iss") is { } name && issuers.TryGet(name, out var issuer))
        {
            return issuer;
        }

        return Text(token, "sub") is { } subject && issuers.TryGetTrustDomain(subject, out var domain) ? domain : null;
    }

    private static TokenResult Refuse(IdentityFailure failure, TrustedIssuer? issuer, CompactToken token)
    {
        var subject = Text(token, "sub");
        var claimed = subject is null ? null : SafeText.Sanitise(issuer is null ? subject : issuer.AgentId(subject));
        return TokenResult.Refuse(IdentityResult.Fail(failure, issuer?.Name, claimed));
    }

    private static string? Text(CompactToken token, string claim) =>
        token.Payload.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
