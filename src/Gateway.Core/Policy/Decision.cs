namespace Gateway.Core.Policy;

/// <summary>A decision with what determined it. The default instance denies.</summary>
internal sealed record Decision
{
    public static readonly Decision Denied = new();

    public DecisionOutcome Outcome { get; init; }

    public bool Permitted => Outcome == DecisionOutcome.Allow;

    /// <summary>Ids of the policies that determined the outcome; empty when nothing permitted.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>"id: message" of every policy that failed to evaluate and was skipped, or why a decision point gave no decision.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>Hash of the policy set that decided: "sha256:" and 16 hexadecimal digits; of a decision point what it says of its policies, or empty.</summary>
    public string PolicyVersion { get; init; } = "";

    /// <summary>The decision's id in a decision point's own log; null where there is none.</summary>
    public string? DecisionId { get; init; }

    /// <summary>One sentence for the SOC on why it was decided so, never shown to the agent; null where the policies' ids say it all.</summary>
    public string? Explanation { get; init; }

    /// <summary><c>@advice</c> of the forbids that determined a deny, or a decision point's; shown to the agent.</summary>
    public string? Advice { get; init; }

    /// <summary><c>@onDeny</c> of the forbids that determined a deny.</summary>
    public DenyAction OnDeny { get; init; }

    /// <summary><c>@credential</c>: the credential to use instead of the tool's own.</summary>
    public string? Credential { get; init; }

    /// <summary><c>@scope</c>: the scope to ask the issuer for; null means the credential's own.</summary>
    public string? Scope { get; init; }

    /// <summary><c>@lifetime</c>: upper bound of the lease's life; null means the credential's own.</summary>
    public TimeSpan? Lifetime { get; init; }
}
