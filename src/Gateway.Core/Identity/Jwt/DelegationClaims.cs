using System.Text.Json;
using Gateway.Core.Identity.Kinds;
using Gateway.Core.Identity.Spiffe;

namespace Gateway.Core.Identity.Jwt;

/// <summary>Who acts for whom, as a token's <c>act</c> says (RFC 8693 §4.1).</summary>
/// <param name="Actor">The outermost actor, who presents the token and alone drives authorization.</param>
/// <param name="EarlierActors">Those before, nearest first: history.</param>
internal sealed record DelegationClaims(string Actor, IReadOnlyList<string> EarlierActors)
{
    private const int MaxDepth = 8;

    /// <param name="claims">The token's.</param>
    /// <param name="issuer">The token's: an actor of another issuer is nobody that we could name.</param>
    /// <param name="delegation">Null where the token has no <c>act</c>.</param>
    /// <returns>False where it has one that cannot be read.</returns>
    public static bool TryRead(JsonElement claims, TrustedIssuer issuer, out DelegationClaims? delegation)
    {
        delegation = null;
        if (!claims.TryGetProperty("act", out var act))
        {
            return true;
        }

        // Where agents are named by other claims than sub, a subject could be spelled so as to be another agent's id.
        if (!issuer.Definition.AgentId.Equals(AgentIdTemplate.Subject))
        {
            return false;
        }

        var tokenIssuer = claims.TryGetProperty("iss", out var iss) ? iss : default;
        var actors = new List<string>();
        for (var present = true; present; present = act.TryGetProperty("act", out act))
        {
            if (actors.Count == MaxDepth || ReadActor(act, tokenIssuer, issuer) is not { } actor)
            {
                return false;
            }

            actors.Add(actor);
        }

        delegation = new DelegationClaims(actors[0], actors[1..]);
        return true;
    }

    private static string? ReadActor(JsonElement act, JsonElement tokenIssuer, TrustedIssuer issuer) =>
        act.ValueKind == JsonValueKind.Object
        && (!act.TryGetProperty("iss", out var iss) || (tokenIssuer.ValueKind == JsonValueKind.String && JsonElement.DeepEquals(iss, tokenIssuer)))
        && act.TryGetProperty("sub", out var sub)
        && sub.ValueKind == JsonValueKind.String
        && sub.GetString() is { Length: > 0 and <= 1024 } subject
        && (issuer.Definition.IsTrustDomain ? JwtSvid.IsSubject(subject, issuer.Name) : SafeText.IsPlain(subject))
            ? subject
            : null;
}
