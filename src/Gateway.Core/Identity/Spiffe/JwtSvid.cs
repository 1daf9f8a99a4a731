using System.Text.Json;

namespace Gateway.Core.Identity.Spiffe;

/// <summary>What a JWT-SVID must be beyond a sound JWT.</summary>
internal static class JwtSvid
{
    /// <summary>JWT-SVID, section 2.3.</summary>
    public static readonly IReadOnlyList<string> TokenTypes = ["", "JWT", "JOSE"];

    /// <summary>JWT-SVID, section 2: no header beyond those that it describes, and <c>typ</c> in exactly these letters.</summary>
    public static bool AllowsHeader(JsonElement header) => header.EnumerateObject().All(parameter => parameter.Name switch
    {
        "alg" or "kid" => true,
        "typ" => parameter.Value.ValueKind == JsonValueKind.String && (parameter.Value.ValueEquals("JWT") || parameter.Value.ValueEquals("JOSE")),
        _ => false,
    });

    /// <summary>Whether nobody else can present the token as well: what is meant for two, the one can replay to the other (section 7.2).</summary>
    public static bool HasOneAudience(JsonElement claims) =>
        claims.TryGetProperty("aud", out var audience)
        && (audience.ValueKind == JsonValueKind.String || (audience.ValueKind == JsonValueKind.Array && audience.GetArrayLength() == 1));

    /// <summary>Section 3.1: the subject is a workload of the very trust domain whose key has signed.</summary>
    public static bool IsSubject(string subject, string trustDomain) =>
        SpiffeId.TryParse(subject, out var id) && id.HasPath && id.TrustDomain == trustDomain;
}
