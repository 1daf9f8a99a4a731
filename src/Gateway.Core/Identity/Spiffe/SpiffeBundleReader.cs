using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Gateway.Core.Identity.Keys;

namespace Gateway.Core.Identity.Spiffe;

/// <summary>Reads a bundle: a JWK set with a version and a hint (SPIFFE Trust Domain and Bundle, section 4).</summary>
internal static class SpiffeBundleReader
{
    // Beyond this a hint says nothing; TimeSpan would overflow later.
    private const long MaxHintSeconds = 10L * 366 * 24 * 60 * 60;

    /// <summary>
    /// Reads a bundle, possibly an empty one; false where the document is none. Entries that are of no use to us are passed over
    /// (sections 4.1.3 and 4.2).
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out SpiffeBundle? bundle)
    {
        bundle = null;
        if (!StrictJson.TryParseObject(utf8, out var document)
            || !document.TryGetProperty("keys", out var keys)
            || keys.ValueKind != JsonValueKind.Array
            || !TryGetInteger(document, "spiffe_sequence", out var sequence)
            || !TryGetInteger(document, "spiffe_refresh_hint", out var hint)
            || hint is < 0 or > MaxHintSeconds)
        {
            return false;
        }

        var entries = keys.EnumerateArray().Where(HasKnownType).ToList();
        bundle = new SpiffeBundle
        {
            Sequence = sequence,
            RefreshHint = hint is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Authorities = [.. entries.Where(e => Is(e, "use", "x509-svid")).Select(ReadAuthority).OfType<X509Certificate2>()],

            // JWT-SVID, section 6.1: such a key has an id; one without could stand for any token that names none.
            SigningKeys = [.. entries.Where(e => Is(e, "use", "jwt-svid")).Select(e => JsonWebKeyReader.ReadFor("jwt-svid", e)).OfType<SigningKey>().Where(k => k.Id is not null)],
        };
        return true;
    }

    private static bool HasKnownType(JsonElement key) => Is(key, "kty", "RSA") || Is(key, "kty", "EC");

    private static bool Is(JsonElement key, string name, string value) =>
        key.ValueKind == JsonValueKind.Object && key.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String && found.ValueEquals(value);

    /// <summary>X509-SVID, section 6.2: the first certificate counts, and further ones are not even read.</summary>
    private static X509Certificate2? ReadAuthority(JsonElement key)
    {
        if (!key.TryGetProperty("x5c", out var chain)
            || chain.ValueKind != JsonValueKind.Array
            || chain.GetArrayLength() == 0
            || chain[0].ValueKind != JsonValueKind.String
            || !chain[0].TryGetBytesFromBase64(out var der))
        {
            return null;
        }

        try
        {
            var certificate = X509CertificateLoader.LoadCertificate(der);
            if (SigningCertificate.IsAuthority(certificate))
            {
                return certificate;
            }

            certificate.Dispose();
            return null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static bool TryGetInteger(JsonElement document, string name, out long? number)
    {
        number = null;
        if (!document.TryGetProperty(name, out var value))
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var integer))
        {
            return false;
        }

        number = integer;
        return true;
    }
}
