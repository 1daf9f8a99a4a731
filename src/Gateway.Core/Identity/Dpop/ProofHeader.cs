using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Gateway.Core.Identity.Jwt;
using Gateway.Core.Identity.Keys;

namespace Gateway.Core.Identity.Dpop;

/// <summary>The header of a DPoP proof (RFC 9449, section 4.2), found harmless, with its key ready for use.</summary>
/// <param name="Text">As sent, in base64url.</param>
/// <param name="Algorithm">An asymmetric one; whether it is allowed is configuration's word.</param>
/// <param name="Key">The public key that the proof says to be signed with.</param>
internal sealed record ProofHeader(string Text, SignatureAlgorithm Algorithm, SigningKey Key)
{
    private const string ProofType = "dpop+jwt";

    /// <remarks>
    /// As for tokens, a list of what is harmless. What is not in it could name another key ("jku", "x5u", "x5c") or change how the
    /// rest is read ("crit", "b64").
    /// </remarks>
    public static bool TryRead(ReadOnlySpan<char> text, [NotNullWhen(true)] out ProofHeader? result, out IdentityFailure failure)
    {
        result = null;
        failure = IdentityFailure.ProofMalformed;
        if (!Base64UrlText.TryDecode(text, out var utf8) || !StrictJson.TryParseObject(utf8, out var header))
        {
            return false;
        }

        if (header.EnumerateObject().Any(parameter => parameter.Name is not ("typ" or "alg" or "jwk" or "kid")))
        {
            failure = IdentityFailure.ProofHeaderNotAllowed;
            return false;
        }

        // Without regard to case, as media types are, and never with the prefix "application/": section 4.2 fixes the value.
        if (ReadString(header, "typ") is not { } type || !type.Equals(ProofType, StringComparison.OrdinalIgnoreCase))
        {
            failure = IdentityFailure.ProofTypeNotAllowed;
            return false;
        }

        if (ReadString(header, "alg") is not { } name || !SignatureAlgorithm.TryGet(name, out var algorithm))
        {
            failure = IdentityFailure.ProofAlgorithmNotAllowed;
            return false;
        }

        if (ReadKey(header) is not { } key || !key.Fits(algorithm))
        {
            failure = IdentityFailure.ProofKeyUnusable;
            return false;
        }

        result = new ProofHeader(text.ToString(), algorithm, key);
        return true;
    }

    private static string? ReadString(JsonElement header, string name) =>
        header.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static SigningKey? ReadKey(JsonElement header) =>
        header.TryGetProperty("jwk", out var jwk)
        && jwk.ValueKind == JsonValueKind.Object
        && !jwk.EnumerateObject().Any(member => IsPrivate(member.Name))
            ? JsonWebKeyReader.Read(jwk)
            : null;

    /// <summary>RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1. A key that was sent along with its private half is anybody's (RFC 9449, section 4.3, item 7).</summary>
    private static bool IsPrivate(string member) => member is "d" or "p" or "q" or "dp" or "dq" or "qi" or "oth" or "k";
}
