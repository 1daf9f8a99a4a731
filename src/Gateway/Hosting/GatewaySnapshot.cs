using System.Collections.Frozen;
using Gateway.Configuration;
using Gateway.Core.Credentials;
using Gateway.Core.Identity.Dpop;
using Gateway.Core.Identity.Jwt;
using Gateway.Core.Identity.Peers;
using Gateway.Core.Identity.Spiffe;
using Gateway.Core.Policy;
using Gateway.Core.Tasks;
using Gateway.Identity;
using Gateway.Routing;

namespace Gateway.Hosting;

/// <summary>Everything that one configuration says about calls; immutable and swapped whole.</summary>
internal sealed class GatewaySnapshot
{
    /// <summary>What all of this was made of.</summary>
    public required StartupPlan Plan { get; init; }

    public required IssuerSet Issuers { get; init; }

    /// <summary>Those of operators' tokens; empty where the admin token counts.</summary>
    public required IssuerSet AdminIssuers { get; init; }

    /// <summary>Those of Transaction Tokens; empty where the header says nothing.</summary>
    public required IssuerSet TransactionIssuers { get; init; }

    public required TrustDomainSet TrustDomains { get; init; }

    public required AgentRegistry Agents { get; init; }

    public required DpopRules Dpop { get; init; }

    public required PeerRules Peers { get; init; }

    public required ToolTable Tools { get; init; }

    public required IPolicyEngine Policy { get; init; }

    /// <summary>Whether a deny refuses; otherwise it is only recorded.</summary>
    public required bool EnforcesPolicy { get; init; }

    public required TaskLimits TaskLimits { get; init; }

    public TasksOptions Tasks => Plan.Options.Tasks;

    public required FrozenDictionary<string, CredentialDefinition> Credentials { get; init; }
}
