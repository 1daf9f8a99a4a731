using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Gateway.Core.Identity.Jwt;

namespace Gateway.Core.Identity.Kinds;

/// <summary>Judges a token's claims by its issuer's kind and requirements, and names its agent.</summary>
internal static class WorkloadClaims
{
    /// <param name="claims">Of a token whose signature, times, audience and subject are good.</param>
    /// <param name="issuer">Its issuer.</param>
    /// <param name="name">What follows the issuer's name in the agent's id.</param>
    /// <param name="failure">The check that failed.</param>
    public static bool TryName(JsonElement claims, TrustedIssuer issuer, [NotNullWhen(true)] out string? name, out IdentityFailure failure)
    {
        name = null;
        if (issuer.Rules?.Check(claims) is { } broken)
        {
            failure = broken;
            return false;
        }

        foreach (var required in issuer.Definition.RequiredClaims)
        {
            if (!required.IsMetBy(claims))
            {
                failure = IdentityFailure.RequiredClaimMissing;
                return false;
            }
        }

        failure = IdentityFailure.AgentIdInvalid;
        return issuer.Definition.AgentId.TryRender(claims, out name);
    }
}
