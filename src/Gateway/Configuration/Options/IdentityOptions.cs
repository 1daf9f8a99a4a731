using System.Collections.ObjectModel;

namespace Gateway.Configuration;

/// <summary>How agents are recognised, and what is known about them beyond their tokens.</summary>
internal sealed record IdentityOptions
{
    /// <summary>
    /// Issuers of workload tokens, by a name (<c>[A-Za-z0-9._-]+</c>) that becomes the first part of the agent ids
    /// <c>&lt;name&gt;:&lt;subject&gt;</c>. The names "spiffe" and "unix" are refused: a subject could then spell another agent's id.
    /// </summary>
    public IReadOnlyDictionary<string, IssuerOptions> Issuers { get; init; } = ReadOnlyDictionary<string, IssuerOptions>.Empty;

    /// <summary>Processes on this host that are agents, by a name (<c>[A-Za-z0-9._-]+</c>). Default: none, and a Unix socket says nothing about who calls.</summary>
    public IReadOnlyDictionary<string, UnixPeerOptions> UnixPeers { get; init; } = ReadOnlyDictionary<string, UnixPeerOptions>.Empty;

    /// <summary>Groups and labels of single agents, by agent id. Case matters. Agents that are not listed have none.</summary>
    public IReadOnlyDictionary<string, AgentOptions> Agents { get; init; } = ReadOnlyDictionary<string, AgentOptions>.Empty;
}
