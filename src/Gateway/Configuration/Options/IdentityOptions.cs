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

    /// <summary>
    /// SPIFFE trust domains, by their names (<c>[a-z0-9._-]+</c>, without "spiffe://"). Their workloads' agent ids are their SPIFFE IDs.
    /// </summary>
    public IReadOnlyDictionary<string, TrustDomainOptions> TrustDomains { get; init; } = ReadOnlyDictionary<string, TrustDomainOptions>.Empty;

    /// <summary>How DPoP proofs are judged.</summary>
    public DpopOptions Dpop { get; init; } = new();

    /// <summary>Processes on this host that are agents, by a name (<c>[A-Za-z0-9._-]+</c>). Default: none, and a Unix socket says nothing about who calls.</summary>
    public IReadOnlyDictionary<string, UnixPeerOptions> UnixPeers { get; init; } = ReadOnlyDictionary<string, UnixPeerOptions>.Empty;

    /// <summary>What is known of single agents, by agent id. Case matters. Agents that are not listed have neither groups nor labels.</summary>
    public IReadOnlyDictionary<string, AgentOptions> Agents { get; init; } = ReadOnlyDictionary<string, AgentOptions>.Empty;

    /// <summary>
    /// Cedar types of the claims in <see cref="IssuerOptions.Claims"/>, by claim, for checking policies: <c>String</c>,
    /// <c>Set&lt;String&gt;</c>, <c>Long</c>, <c>Bool</c> or a record such as <c>{ team: String, level?: Long }</c>. Default: none; a
    /// claim that is not listed has the type that is usual for its name, else the one under which the policies are valid.
    /// </summary>
    [Expects("Cedar types by claim such as { \"teams\": \"Set<String>\" }")]
    public IReadOnlyDictionary<string, string> ClaimTypes { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Whether agents that are not in <see cref="Agents"/> are refused, whatever vouches for them. Default: false.</summary>
    public bool RegisteredOnly { get; init; }
}
