using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Gateway.Core.Identity.Keys;

namespace Gateway.Core.Identity.Jwt;

/// <summary>The header of a token, once every parameter in it is known to be harmless.</summary>
internal sealed record JwtHeader(SignatureAlgorithm Algorithm, string? KeyId, string? Type)
{
    /// <summary>Reads the header of a token.</summary>
    /// <remarks>
    /// Only the parameters below are let through. "jwk", "jku", "x5u" and "x5c" let a token bring its own key; "crit", "b64",
    /// "zip" and "enc" change how the rest is to be read; "cty" says that the payload is not the claims but another token.
    /// RFC 7515, section 4.1.11, asks for the refusal of "crit" only, and the others are ignored by most; a list of what is
    /// harmless needs no extension when the next one is registered.
    /// </remarks>
    public static bool TryRead(JsonElement header, [NotNullWhen(true)] out JwtHeader? result, out IdentityFailure failure)
    {
        result = null;
        failure = IdentityFailure.Malformed;
        string? algorithmName = null;
        string? keyId = null;
        string? type = null;
        foreach (var parameter in header.EnumerateObject())
        {
            if (!IsHarmless(parameter.Name))
            {
                failure = IdentityFailure.HeaderNotAllowed;
                return false;
            }

            if (parameter.Value.ValueKind != JsonValueKind.String)
            {
                return false;
            }

            switch (parameter.Name)
            {
                case "alg":
                    algorithmName = parameter.Value.GetString();
                    break;
                case "kid":
                    keyId = parameter.Value.GetString();
                    break;
                case "typ":
                    type = parameter.Value.GetString();
                    break;
            }
        }

        if (algorithmName is null)
        {
            return false;
        }

        if (!SignatureAlgorithm.TryGet(algorithmName, out var algorithm))
        {
            failure = IdentityFailure.AlgorithmNotAllowed;
            return false;
        }

        result = new JwtHeader(algorithm, keyId, type);
        return true;
    }

    private static bool IsHarmless(string name) => name is "alg" or "kid" or "typ" or "x5t" or "x5t#S256";
}
