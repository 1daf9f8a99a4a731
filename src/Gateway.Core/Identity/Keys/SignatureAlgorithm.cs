using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Gateway.Core.Identity.Keys;

/// <summary>A JWS signature algorithm (RFC 7518, section 3.1) and the one kind of key that it goes with.</summary>
/// <remarks>
/// Asymmetric ones only. An algorithm that is not in the table does not exist for the gateway, so neither "none" nor an
/// HMAC keyed with a public key (RFC 8725, section 2.1) can be configured or asked for.
/// </remarks>
internal sealed class SignatureAlgorithm
{
    private static readonly FrozenDictionary<string, SignatureAlgorithm> ByName = new SignatureAlgorithm[]
    {
        new("RS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        new("RS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
        new("RS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
        new("PS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        new("PS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
        new("PS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pss),
        new("ES256", HashAlgorithmName.SHA256, "P-256"),
        new("ES384", HashAlgorithmName.SHA384, "P-384"),
        new("ES512", HashAlgorithmName.SHA512, "P-521"),
    }.ToFrozenDictionary(algorithm => algorithm.Name, StringComparer.Ordinal);

    private SignatureAlgorithm(string name, HashAlgorithmName hash, RSASignaturePadding padding)
    {
        Name = name;
        Hash = hash;
        Padding = padding;
        KeyType = "RSA";
    }

    private SignatureAlgorithm(string name, HashAlgorithmName hash, string curve)
    {
        Name = name;
        Hash = hash;
        Curve = curve;
        KeyType = "EC";
    }

    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>As in <c>alg</c>; case matters there (RFC 7515, section 4.1.1).</summary>
    public string Name { get; }

    public HashAlgorithmName Hash { get; }

    /// <summary>Null for elliptic curves.</summary>
    public RSASignaturePadding? Padding { get; }

    /// <summary>As in a key's <c>kty</c>.</summary>
    public string KeyType { get; }

    /// <summary>As in a key's <c>crv</c>; null for RSA.</summary>
    public string? Curve { get; }

    public static bool TryGet(string name, [NotNullWhen(true)] out SignatureAlgorithm? algorithm) =>
        ByName.TryGetValue(name, out algorithm);
}
