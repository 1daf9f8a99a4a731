using System.Collections.ObjectModel;
using Gateway.Core.Identity.Kinds;
using Gateway.Core.Identity.Peers;

namespace Gateway.Configuration;

/// <summary>Which claims of agents policy sees as <c>principal.claims</c>. Workloads of trust domains have none.</summary>
internal static class VisibleClaims
{
    /// <summary>Those that the issuer's kind shows by itself, and those that are listed.</summary>
    public static IReadOnlyList<string> Of(IssuerOptions issuer) =>
        [.. IssuerProfile.Of(issuer.Kind).Claims.Union(issuer.Claims, StringComparer.Ordinal)];

    /// <summary>Those of agents that are known by their process, with their Cedar types; empty where there can be no such agent.</summary>
    public static IReadOnlyDictionary<string, string> OfPeers(IdentityOptions identity) =>
        identity.UnixPeers.Count == 0 ? ReadOnlyDictionary<string, string>.Empty : PeerRules.ClaimTypes;

    /// <summary>Those of any agent.</summary>
    public static IReadOnlyList<string> Of(IdentityOptions identity) =>
        [.. identity.Issuers.Values.SelectMany(Of).Union(OfPeers(identity).Keys, StringComparer.Ordinal)];
}
