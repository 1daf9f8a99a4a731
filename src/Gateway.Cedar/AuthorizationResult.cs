namespace Gateway.Cedar;

/// <summary>A decision and what it rests on. The zero value denies.</summary>
public readonly struct AuthorizationResult
{
    private readonly IReadOnlyList<Policy>? _reasons;
    private readonly IReadOnlyList<PolicyError>? _errors;

    internal AuthorizationResult(Decision decision, IReadOnlyList<Policy> reasons, IReadOnlyList<PolicyError> errors)
    {
        Decision = decision;
        _reasons = reasons;
        _errors = errors;
    }

    /// <summary>The decision.</summary>
    public Decision Decision { get; }

    /// <summary>True when the decision is to allow.</summary>
    public bool IsAllowed => Decision == Decision.Allow;

    /// <summary>The policies that determined it: on allow every satisfied permit, on deny every satisfied forbid, none when nothing permitted.</summary>
    public IReadOnlyList<Policy> Reasons => _reasons ?? [];

    /// <summary>The policies that could not be evaluated. They neither permit nor forbid.</summary>
    public IReadOnlyList<PolicyError> Errors => _errors ?? [];
}
