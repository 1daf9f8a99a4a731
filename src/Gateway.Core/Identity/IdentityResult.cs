using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Identity;

/// <summary>An identity, or why there is none. The zero value is a refusal.</summary>
internal readonly struct IdentityResult
{
    private IdentityResult(AgentIdentity? agent, IdentityFailure failure, string? issuer, string? claimedAgent)
    {
        Agent = agent;
        Failure = failure;
        Issuer = issuer;
        ClaimedAgent = claimedAgent;
    }

    public AgentIdentity? Agent { get; }

    /// <summary>Meaningless while <see cref="Agent"/> is set.</summary>
    public IdentityFailure Failure { get; }

    /// <summary>The configured issuer that the token names, for the record of a refusal; null where it names none of ours.</summary>
    public string? Issuer { get; }

    /// <summary>Who an unverified token claims to be, for the record of a refusal only.</summary>
    public string? ClaimedAgent { get; }

    [MemberNotNullWhen(true, nameof(Agent))]
    public bool Succeeded => Agent is not null;

    /// <summary>Whether there was anything to judge, well or badly.</summary>
    public bool IsPresent => Agent is not null || Failure != IdentityFailure.Missing;

    public static IdentityResult Success(AgentIdentity agent) => new(agent, default, agent.Issuer, agent.Id);

    public static IdentityResult Fail(IdentityFailure failure, string? issuer = null, string? claimedAgent = null) =>
        new(null, failure, issuer, claimedAgent);
}
