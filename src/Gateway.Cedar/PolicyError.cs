using Gateway.Cedar.Evaluation;

namespace Gateway.Cedar;

/// <summary>A policy that could not be evaluated and therefore took no part in the decision.</summary>
public sealed class PolicyError
{
    private readonly EvaluationError _error;

    internal PolicyError(Policy policy, EvaluationError error)
    {
        Policy = policy;
        _error = error;
    }

    /// <summary>The policy.</summary>
    public Policy Policy { get; }

    /// <summary>Why it could not be evaluated.</summary>
    public string Message => _error.Message;

    /// <summary>Where in the policy's file the evaluation failed.</summary>
    public SourcePosition Position => Policy.Syntax.Source.PositionOf(_error.Span.Start);

    /// <summary>Id, place and message.</summary>
    public override string ToString() => $"{Policy.Id} ({Position}): {Message}";
}
