using System.Collections.Frozen;
using Gateway.Core.Credentials;
using Gateway.Core.Identity.Dpop;
using Gateway.Core.Identity.Jwt;
using Gateway.Core.Identity.Peers;
using Gateway.Core.Identity.Spiffe;
using Gateway.Core.Policy;
using Gateway.Identity;
using Gateway.Routing;

namespace Gateway.Hosting;

/// <summary>Everything that one configuration says about calls; immutable and swapped whole.</summary>
internal sealed class GatewaySnapshot
{
    public required IssuerSet Issuers { get; init; }

    public required TrustDomainSet TrustDomains { get; init; }

    public required AgentRegistry Agents { get; init; }

    public required DpopRules Dpop { get; init; }

    public required PeerRules Peers { get; init; }

    public required ToolTable Tools { get; init; }

    public required IPolicyEngine Policy { get; init; }

    /// <summary>Whether a deny refuses; otherwise it is only recorded.</summary>
    public required bool EnforcesPolicy { get; init; }

    public required FrozenDictionary<string, CredentialDefinition> Credentials { get; init; }
}
