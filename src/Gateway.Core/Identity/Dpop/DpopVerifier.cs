using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Identity.Jwt;

namespace Gateway.Core.Identity.Dpop;

/// <summary>Verifies DPoP proofs: every check of RFC 9449, section 4.3, in one place.</summary>
/// <remarks>
/// The proof's key must be the one that the token is bound to before anything is verified with it, so that nobody without such a
/// token makes the gateway work. On the calling thread, and without garbage once the key has been seen.
/// </remarks>
internal sealed class DpopVerifier(IReplayCache replays, DpopNonces nonces, TimeProvider time)
{
    /// <summary>Characters; a proof with an RSA key of 8192 bits and a long path needs half.</summary>
    public const int MaxLength = 8 * 1024;

    public ValueTask<DpopResult> VerifyAsync(in DpopRequest request, DpopRules rules, CancellationToken cancellationToken)
    {
        if (request.Proof.Length > MaxLength)
        {
            return new(DpopResult.Fail(IdentityFailure.ProofTooLarge));
        }

        // The first half holds what is signed, and later the texts of the claims; the second the signature, and later the payload.
        var buffer = ArrayPool<byte>.Shared.Rent(2 * MaxLength);
        try
        {
            if (!TryVerify(request, rules, buffer.AsSpan(0, MaxLength), buffer.AsSpan(MaxLength), out var use, out var failure))
            {
                return new(DpopResult.Fail(failure));
            }

            // Last, so that only a proof that would pass takes room.
            var key = request.Key.Thumbprint;
            var check = replays.UseAsync(use.Proof, use.Until, cancellationToken);
            return check.IsCompletedSuccessfully ? new(Conclude(check.Result, key)) : AwaitAsync(check, key);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<DpopResult> AwaitAsync(ValueTask<ReplayCheck> check, string key) => Conclude(await check, key);

    private static DpopResult Conclude(ReplayCheck check, string key) => check switch
    {
        ReplayCheck.FirstUse => DpopResult.Proven(key),
        ReplayCheck.Replayed => DpopResult.Fail(IdentityFailure.ProofReplayed),
        _ => DpopResult.Fail(IdentityFailure.ReplayUnknown),
    };

    private bool TryVerify(
        in DpopRequest request,
        DpopRules rules,
        Span<byte> first,
        Span<byte> second,
        out (UInt128 Proof, DateTimeOffset Until) use,
        out IdentityFailure failure)
    {
        use = default;
        if (!CompactParts.TrySplit(request.Proof, out var parts))
        {
            failure = IdentityFailure.ProofMalformed;
            return false;
        }

        if (!TryVerifySignature(request, parts, rules, first, second, out failure)
            || !TryReadClaims(parts, first, second, out var claims, out failure))
        {
            return false;
        }

        if (FindFault(request, claims, rules) is { } fault)
        {
            failure = fault;
            return false;
        }

        // One second more, since a proof counts to the end of its last one.
        var until = DateTimeOffset.FromUnixTimeSeconds(claims.IssuedAt).Add(rules.ProofLifetime).AddSeconds(1);
        use = (NameOf(request.Key, claims.Id, second), until);
        return true;
    }

    /// <summary>Items 2 to 7, and 12b: a well-formed header, an allowed algorithm, the token's key, and its signature.</summary>
    private static bool TryVerifySignature(
        in DpopRequest request,
        CompactParts parts,
        DpopRules rules,
        Span<byte> first,
        Span<byte> second,
        out IdentityFailure failure)
    {
        var header = request.Key.Recall(parts.Header);
        if (header is null && !ProofHeader.TryRead(parts.Header, out header, out failure))
        {
            return false;
        }

        if (!rules.Allows(header.Algorithm))
        {
            failure = IdentityFailure.ProofAlgorithmNotAllowed;
            return false;
        }

        if (header.Key.Thumbprint != request.Key.Thumbprint)
        {
            failure = IdentityFailure.ProofKeyMismatch;
            return false;
        }

        if (!Base64UrlText.TryDecode(parts.Signature, second, out var length))
        {
            failure = IdentityFailure.ProofMalformed;
            return false;
        }

        var signed = first[..Encoding.ASCII.GetBytes(parts.Signed, first)];
        if (!header.Key.Verify(header.Algorithm, signed, second[..length]))
        {
            failure = IdentityFailure.ProofSignatureInvalid;
            return false;
        }

        request.Key.Remember(header);
        failure = default;
        return true;
    }

    private static bool TryReadClaims(CompactParts parts, Span<byte> first, Span<byte> second, out ProofClaims claims, out IdentityFailure failure)
    {
        claims = default;
        failure = IdentityFailure.ProofMalformed;
        return Base64UrlText.TryDecode(parts.Payload, second, out var length)
            && ProofClaims.TryRead(second[..length], first, out claims);
    }

    /// <summary>Items 8 to 12a: method, target, nonce, time and token. Null where all is well.</summary>
    private IdentityFailure? FindFault(in DpopRequest request, ProofClaims claims, DpopRules rules)
    {
        // Whole seconds on both sides, since that is what clients put into iat.
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        return !Ascii.Equals(claims.Method, request.Method) ? IdentityFailure.ProofMethodMismatch
            : request.Urls.Count == 0 ? IdentityFailure.ProofTargetUnknown
            : !IsFor(request, claims.Target) ? IdentityFailure.ProofTargetMismatch
            : !Ascii.Equals(claims.TokenHash, request.TokenHash) ? IdentityFailure.ProofTokenMismatch
            : now - claims.IssuedAt > rules.ProofLifetime.TotalSeconds ? IdentityFailure.ProofExpired
            : claims.IssuedAt - now > rules.ClockSkew.TotalSeconds ? IdentityFailure.ProofNotYetValid
            : !rules.NonceRequired ? null
            : claims.Nonce.IsEmpty ? IdentityFailure.ProofNonceMissing
            : !nonces.IsGood(claims.Nonce) ? IdentityFailure.ProofNonceInvalid
            : null;
    }

    private static bool IsFor(in DpopRequest request, ReadOnlySpan<byte> target)
    {
        // By index: an interface's enumerator is an object.
        for (var i = 0; i < request.Urls.Count; i++)
        {
            if (request.Urls[i].Matches(target, request.Path))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Section 11.1. The key is part of the name, so that no agent can use up another's <c>jti</c>.</summary>
    private static UInt128 NameOf(BoundKey key, ReadOnlySpan<byte> id, Span<byte> buffer)
    {
        var length = Encoding.ASCII.GetBytes(key.Thumbprint, buffer);
        id.CopyTo(buffer[length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer[..(length + id.Length)], hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
