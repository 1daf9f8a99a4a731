using System.Collections.ObjectModel;

namespace Gateway.Configuration;

/// <summary>How agents are recognised, and what is known about them beyond their tokens.</summary>
internal sealed record IdentityOptions
{
    /// <summary>
    /// Issuers of workload tokens, by a name (<c>[A-Za-z0-9._-]+</c>) that becomes the first part of the agent ids
    /// <c>&lt;name&gt;:&lt;subject&gt;</c>. The name "spiffe" is refused: a subject could then spell a SPIFFE ID.
    /// </summary>
    public IReadOnlyDictionary<string, IssuerOptions> Issuers { get; init; } = ReadOnlyDictionary<string, IssuerOptions>.Empty;

    /// <summary>How DPoP proofs are judged.</summary>
    public DpopOptions Dpop { get; init; } = new();

    /// <summary>Groups and labels of single agents, by agent id. Case matters. Agents that are not listed have none.</summary>
    public IReadOnlyDictionary<string, AgentOptions> Agents { get; init; } = ReadOnlyDictionary<string, AgentOptions>.Empty;
}
