using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Core.Identity.Jwt;

namespace Gateway.Core.Identity.Keys;

/// <summary>Reads a public JSON Web Key (RFC 7517) that signatures can be verified with.</summary>
/// <remarks>
/// Unusable keys are passed over, as RFC 7517, section 5, asks: a set may hold encryption keys, symmetric keys, keys of
/// types we do not know. Also passed over: a key published with its private half, since then anybody can sign with it, and
/// one too weak to mean anything.
/// </remarks>
internal static class JsonWebKeyReader
{
    private const int MinModulusBits = 2048;

    // Beyond this an honest issuer gains nothing, and a verification costs milliseconds.
    private const int MaxModulusBits = 8192;

    /// <summary>Reads a key that says it is for signatures, or does not say; null where it is not usable.</summary>
    public static SigningKey? Read(JsonElement key) => ReadFor(null, key);

    /// <summary>Reads a key; null where it is not usable.</summary>
    /// <param name="expectedUse">What the key must say it is for; null means "sig", or nothing said.</param>
    /// <param name="key">The JWK.</param>
    public static SigningKey? ReadFor(string? expectedUse, JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.Object
            || key.TryGetProperty("d", out _)
            || !TryGetOptionalString(key, "kid", out var id)
            || !TryGetOptionalString(key, "alg", out var algorithm)
            || !TryGetOptionalString(key, "use", out var use)
            || (expectedUse is null ? use is not (null or "sig") : use != expectedUse)
            || !AllowsVerification(key)
            || !TryGetOptionalString(key, "kty", out var keyType))
        {
            return null;
        }

        try
        {
            return keyType switch
            {
                "RSA" => ReadRsa(key, id, algorithm),
                "EC" => ReadElliptic(key, id, algorithm),
                _ => null,
            };
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static SigningKey? ReadRsa(JsonElement key, string? id, string? algorithm)
    {
        if (!TryGetBytes(key, "n", out var modulus) || !TryGetBytes(key, "e", out var exponent))
        {
            return null;
        }

        modulus = WithoutLeadingZeros(modulus);
        exponent = WithoutLeadingZeros(exponent);
        if (modulus.Length * 8 is < MinModulusBits or > MaxModulusBits || BitLength(modulus) < MinModulusBits || !IsSoundExponent(exponent))
        {
            return null;
        }

        var parameters = new RSAParameters { Modulus = modulus, Exponent = exponent };
        return new SigningKey(() => RSA.Create(parameters))
        {
            Id = id,
            KeyType = "RSA",
            Algorithm = algorithm,
            Thumbprint = Thumbprint($$"""{"e":"{{Base64UrlText.Encode(exponent)}}","kty":"RSA","n":"{{Base64UrlText.Encode(modulus)}}"}"""),
        };
    }

    private static SigningKey? ReadElliptic(JsonElement key, string? id, string? algorithm)
    {
        if (!TryGetOptionalString(key, "crv", out var name)
            || !TryGetBytes(key, "x", out var x)
            || !TryGetBytes(key, "y", out var y))
        {
            return null;
        }

        (ECCurve Curve, int Length)? known = name switch
        {
            "P-256" => (ECCurve.NamedCurves.nistP256, 32),
            "P-384" => (ECCurve.NamedCurves.nistP384, 48),
            "P-521" => (ECCurve.NamedCurves.nistP521, 66),
            _ => null,
        };

        // RFC 7518, section 6.2.1.2: coordinates have the curve's full length.
        if (known is not { } curve || x.Length != curve.Length || y.Length != curve.Length)
        {
            return null;
        }

        var parameters = new ECParameters { Curve = curve.Curve, Q = new ECPoint { X = x, Y = y } };
        return new SigningKey(() => ECDsa.Create(parameters))
        {
            Id = id,
            KeyType = "EC",
            Curve = name,
            Algorithm = algorithm,
            Thumbprint = Thumbprint($$"""{"crv":"{{name}}","kty":"EC","x":"{{Base64UrlText.Encode(x)}}","y":"{{Base64UrlText.Encode(y)}}"}"""),
        };
    }

    /// <summary>RFC 7517, section 4.3: without <c>key_ops</c> a key is not restricted.</summary>
    private static bool AllowsVerification(JsonElement key)
    {
        if (!key.TryGetProperty("key_ops", out var operations))
        {
            return true;
        }

        return operations.ValueKind == JsonValueKind.Array
            && operations.EnumerateArray().Any(operation => operation.ValueKind == JsonValueKind.String && operation.ValueEquals("verify"));
    }

    /// <summary>FIPS 186-5, appendix A.1.1: odd and above 2^16. An exponent of 1 would make every padded text its own signature.</summary>
    private static bool IsSoundExponent(byte[] exponent) => exponent.Length is >= 3 and <= 8 && (exponent[^1] & 1) == 1;

    private static int BitLength(byte[] number) => (number.Length * 8) - (byte.LeadingZeroCount(number[0]));

    private static byte[] WithoutLeadingZeros(byte[] number) => number.AsSpan().TrimStart((byte)0).ToArray();

    private static string Thumbprint(string canonical) => Base64UrlText.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(canonical)));

    private static bool TryGetBytes(JsonElement key, string name, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        return key.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
            && Base64UrlText.TryDecode(value.GetString(), out bytes)
            && bytes.Length > 0;
    }

    private static bool TryGetOptionalString(JsonElement key, string name, out string? text)
    {
        text = null;
        if (!key.TryGetProperty(name, out var value))
        {
            return true;
        }

        text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is not null;
    }
}
