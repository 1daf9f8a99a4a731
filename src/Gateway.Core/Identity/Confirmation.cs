using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Core.Identity.Dpop;
using Gateway.Core.Identity.Jwt;

namespace Gateway.Core.Identity;

/// <summary>The keys that a token is bound to (RFC 7800); whoever presents it must prove to hold every one of them.</summary>
internal sealed class Confirmation
{
    private readonly byte[]? _certificate;

    private Confirmation(BoundKey? key, byte[]? certificate)
    {
        Key = key;
        _certificate = certificate;
    }

    /// <summary>The key that a DPoP proof must be signed with, <c>jkt</c> (RFC 9449, section 6.1); null where none is asked for.</summary>
    public BoundKey? Key { get; }

    /// <summary>Whether the token is bound to a client certificate, <c>x5t#S256</c> (RFC 8705, section 3.1).</summary>
    public bool HasCertificate => _certificate is not null;

    /// <param name="thumbprint">SHA-256 of a certificate in DER; empty where the caller has shown none.</param>
    public bool IsBoundToCertificate(ReadOnlySpan<byte> thumbprint) =>
        _certificate is not null && CryptographicOperations.FixedTimeEquals(_certificate, thumbprint);

    /// <summary>Reads <c>cnf</c>; null where there is none, and false where it asks for what cannot be proven here.</summary>
    /// <remarks>
    /// RFC 7800, section 3.1, lets a recipient ignore members that it does not know. A member may be a further key to prove,
    /// so an unknown one makes the token useless here instead of weaker.
    /// </remarks>
    public static bool TryRead(JsonElement claims, out Confirmation? confirmation)
    {
        confirmation = null;
        if (!claims.TryGetProperty("cnf", out var members))
        {
            return true;
        }

        if (members.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        BoundKey? key = null;
        byte[]? certificate = null;
        foreach (var member in members.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.String
                || member.Value.GetString() is not { } text
                || !Base64UrlText.TryDecode(text, out var thumbprint)
                || thumbprint.Length != SHA256.HashSizeInBytes)
            {
                return false;
            }

            switch (member.Name)
            {
                case "jkt":
                    key = new BoundKey(text);
                    break;
                case "x5t#S256":
                    certificate = thumbprint;
                    break;
                default:
                    return false;
            }
        }

        if (key is null && certificate is null)
        {
            return false;
        }

        confirmation = new Confirmation(key, certificate);
        return true;
    }
}
