using System.Text.Json;
using Gateway.Configuration;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Peers;
using Gateway.Hosting;

namespace Gateway.Evaluation;

/// <summary>Reads which agent is meant: one that the configuration's issuers, trust domains or peers could vouch for, with claims that policy sees.</summary>
/// <param name="identity">What is configured.</param>
/// <param name="time">Of the call.</param>
/// <param name="problems">Where mistakes go.</param>
internal sealed class AgentReader(IdentityOptions identity, DateTimeOffset time, ICollection<string> problems)
{
    private const string PeerKey = "Gateway:Identity:UnixPeers";

    /// <returns>Null, having said why, where it is no agent that could call.</returns>
    public AgentIdentity? Read(JsonMembers members)
    {
        var element = members.Find("agent");
        switch (element?.ValueKind)
        {
            case JsonValueKind.String:
                return Create(element.Value.GetString() ?? "", "agent", null, members);
            case JsonValueKind.Object:
                var agent = new JsonMembers(element.Value, "agent", problems);
                var created = Create(agent.RequiredText("id", "an agent id such as \"corp:billing\""), "id", agent, agent);
                agent.RefuseOthers();
                return created;
            default:
                members.Refuse("agent", "is required: write an agent id such as \"corp:billing\", or an object with its id.");
                return null;
        }
    }

    private AgentIdentity? Create(string id, string idMember, JsonMembers? details, JsonMembers owner)
    {
        var method = details?.Text("method");
        var issuer = details?.Text("issuer");
        var proof = details?.Flag("proofOfPossession") ?? false;
        var claims = details?.Table("claims") ?? [];
        if (method is not (null or "jwt" or "x509-svid" or "jwt-svid" or PeerRules.Method))
        {
            owner.Refuse("method", "must be \"jwt\", \"x509-svid\", \"jwt-svid\" or \"unix-peer\".");
        }

        if (AgentName.IssuerOf(id) is not { } prefix)
        {
            owner.Refuse(idMember, "must be an agent id: write the issuer's name, a colon and the token's subject, such as \"corp:billing\".");
            return null;
        }

        method ??= IsPeerAlone(id, prefix) ? PeerRules.Method : AgentName.IsSpiffe(id) ? "jwt-svid" : "jwt";
        var vouching = method == PeerRules.Method ? PeerRules.Issuer : prefix;
        if (issuer is not null && issuer != vouching)
        {
            owner.Refuse("issuer", $"must be {vouching}, who vouches for the agent; leave it out.");
        }
        else if (method == PeerRules.Method)
        {
            CheckPeer(id, idMember, claims, owner);
        }
        else
        {
            CheckToken(id, idMember, vouching, claims, owner);
        }

        return new AgentIdentity
        {
            Id = id,
            Issuer = vouching,
            Method = method,
            ProofOfPossession = proof,
            Claims = claims.ToDictionary(claim => claim.Name, claim => claim.Value.Clone(), StringComparer.Ordinal),
            ExpiresAt = time.AddHours(1),
            TokenId = "none",
        };
    }

    /// <summary>Whether no token could have the id: it is a process's own, or a SPIFFE ID that only a process is given.</summary>
    private bool IsPeerAlone(string id, string prefix) => AgentName.IsSpiffe(id)
        ? PeerIds.Contains(id, StringComparer.Ordinal) && !identity.TrustDomains.ContainsKey(prefix)
        : prefix == PeerRules.Issuer;

    private IEnumerable<string> PeerIds => identity.UnixPeers.Select(UnixPeerRules.AgentIdOf);

    private void CheckPeer(string id, string idMember, IReadOnlyList<JsonProperty> claims, JsonMembers owner)
    {
        if (!PeerIds.Contains(id, StringComparer.Ordinal))
        {
            owner.Refuse(idMember, $"is the id of no entry of {PeerKey}{Suggest(id, PeerIds)}.");
            return;
        }

        Hide(claims, [.. VisibleClaims.OfPeers(identity).Keys], claim => $"is none that the agents of {PeerKey} have{Suggest(claim, VisibleClaims.OfPeers(identity).Keys)}.", owner);
    }

    private void CheckToken(string id, string idMember, string issuer, IReadOnlyList<JsonProperty> claims, JsonMembers owner)
    {
        if (AgentName.IsSpiffe(id))
        {
            Hide(claims, [], _ => "is hidden from policy: it sees no claims of SVIDs.", owner);
        }
        else if (issuer == PeerRules.Issuer)
        {
            owner.Refuse("method", $"must be \"{PeerRules.Method}\" for an agent of {PeerKey}; leave it out.");
        }
        else if (identity.Issuers.TryGetValue(issuer, out var configured))
        {
            Hide(claims, VisibleClaims.Of(configured), _ => $"is hidden from policy: Gateway:Identity:Issuers:{issuer}:Claims does not name it.", owner);
        }
        else
        {
            owner.Refuse(idMember, $"begins with the name of no entry of Gateway:Identity:Issuers{Suggest(issuer, identity.Issuers.Keys)}.");
        }
    }

    private static void Hide(IReadOnlyList<JsonProperty> claims, IReadOnlyList<string> visible, Func<string, string> problem, JsonMembers owner)
    {
        foreach (var claim in claims.Where(claim => !visible.Contains(claim.Name, StringComparer.Ordinal)))
        {
            owner.Refuse($"claims.{claim.Name}", problem(claim.Name));
        }
    }

    private static string Suggest(string name, IEnumerable<string> names) => NearestName.Find(name, names) is { } nearest ? $"; did you mean {nearest}?" : "";
}
