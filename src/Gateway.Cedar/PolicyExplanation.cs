namespace Gateway.Cedar;

/// <summary>How one policy met one request, step by step.</summary>
public sealed class PolicyExplanation
{
    internal PolicyExplanation(Policy policy) => Policy = policy;

    /// <summary>The policy.</summary>
    public Policy Policy { get; }

    /// <summary>Whether the scope admits the principal.</summary>
    public bool PrincipalMatches { get; internal init; }

    /// <summary>Whether the scope admits the action.</summary>
    public bool ActionMatches { get; internal init; }

    /// <summary>Whether the scope admits the resource.</summary>
    public bool ResourceMatches { get; internal init; }

    /// <summary>Whether the scope admits the request.</summary>
    public bool ScopeMatches => PrincipalMatches && ActionMatches && ResourceMatches;

    /// <summary>Whether scope and conditions are met, so that the policy takes effect.</summary>
    public bool IsSatisfied { get; internal init; }

    /// <summary>The part of a condition that was not met, as it is written; null where none is to blame.</summary>
    public string? FailedCondition { get; internal init; }

    /// <summary>Where that part stands.</summary>
    public SourcePosition? FailedAt { get; internal init; }

    /// <summary>Why the conditions could not be evaluated; null where they could.</summary>
    public PolicyError? Error { get; internal init; }
}
