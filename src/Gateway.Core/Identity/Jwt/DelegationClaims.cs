using System.Text.Json;

namespace Gateway.Core.Identity.Jwt;

/// <summary>Who acts for whom, as a token's <c>act</c> says (RFC 8693 §4.1).</summary>
/// <param name="Actor">The outermost actor, who presents the token and alone drives authorization.</param>
/// <param name="EarlierActors">Those before, nearest first: history.</param>
internal sealed record DelegationClaims(string Actor, IReadOnlyList<string> EarlierActors)
{
    private const int MaxDepth = 8;

    /// <param name="claims">The token's.</param>
    /// <param name="issuer">The value of the token's <c>iss</c>: an actor of another issuer is nobody that we could name.</param>
    /// <param name="delegation">Null where the token has no <c>act</c>.</param>
    /// <returns>False where it has one that cannot be read.</returns>
    public static bool TryRead(JsonElement claims, string issuer, out DelegationClaims? delegation)
    {
        delegation = null;
        if (!claims.TryGetProperty("act", out var act))
        {
            return true;
        }

        var actors = new List<string>();
        for (var present = true; present; present = act.TryGetProperty("act", out act))
        {
            if (actors.Count == MaxDepth || ReadActor(act, issuer) is not { } actor)
            {
                return false;
            }

            actors.Add(actor);
        }

        delegation = new DelegationClaims(actors[0], actors[1..]);
        return true;
    }

    private static string? ReadActor(JsonElement act, string issuer) =>
        act.ValueKind == JsonValueKind.Object
        && (!act.TryGetProperty("iss", out var iss) || (iss.ValueKind == JsonValueKind.String && iss.GetString() == issuer))
        && act.TryGetProperty("sub", out var sub)
        && sub.ValueKind == JsonValueKind.String
        && sub.GetString() is { Length: > 0 and <= 1024 } subject
        && SafeText.IsPlain(subject)
            ? subject
            : null;
}
