using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Gateway.Core.Identity.Keys;

/// <summary>A public key that an issuer signs with.</summary>
internal sealed class SigningKey
{
    // RSA and ECDsa objects do not promise to be usable by several threads, so each verification borrows one.
    private static readonly int MaxIdle = Environment.ProcessorCount;
    private readonly ConcurrentQueue<AsymmetricAlgorithm> _idle = new();
    private readonly Func<AsymmetricAlgorithm> _import;

    /// <param name="import">Makes the key's crypto object.</param>
    /// <exception cref="CryptographicException">The parameters are no key, such as a point that is not on its curve.</exception>
    public SigningKey(Func<AsymmetricAlgorithm> import)
    {
        _import = import;
        var key = import();
        SignatureLength = key is ECDsa ? (key.KeySize + 7) / 8 * 2 : key.KeySize / 8;
        _idle.Enqueue(key);
    }

    /// <summary>As in <c>kid</c>; null where the issuer gives none.</summary>
    public string? Id { get; init; }

    /// <summary>As in <c>kty</c>.</summary>
    public required string KeyType { get; init; }

    /// <summary>As in <c>crv</c>; null for RSA.</summary>
    public string? Curve { get; init; }

    /// <summary>The only algorithm that the issuer allows with this key; null where it does not say.</summary>
    public string? Algorithm { get; init; }

    /// <summary>The key's SHA-256 thumbprint (RFC 7638), base64url.</summary>
    public required string Thumbprint { get; init; }

    /// <summary>Bytes; RSA signatures are as long as the modulus, those of elliptic curves are r and s (RFC 7518, section 3.4).</summary>
    public int SignatureLength { get; }

    public bool Fits(SignatureAlgorithm algorithm) =>
        KeyType == algorithm.KeyType
        && Curve == algorithm.Curve
        && (Algorithm is null || Algorithm == algorithm.Name);

    /// <summary>Whether the other is the same key, meant for the same use.</summary>
    public bool IsSameAs(SigningKey other) =>
        ReferenceEquals(this, other)
        || (Thumbprint == other.Thumbprint && Id == other.Id && Algorithm == other.Algorithm);

    public bool Verify(SignatureAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (!Fits(algorithm) || signature.Length != SignatureLength)
        {
            return false;
        }

        if (!_idle.TryDequeue(out var key))
        {
            key = _import();
        }

        var valid = (key, algorithm.Padding) switch
        {
            (RSA rsa, { } padding) => rsa.VerifyData(data, signature, algorithm.Hash, padding),
            (ECDsa ecdsa, null) => ecdsa.VerifyData(data, signature, algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            _ => false,
        };

        if (_idle.Count < MaxIdle)
        {
            _idle.Enqueue(key);
        }
        else
        {
            key.Dispose();
        }

        return valid;
    }
}
