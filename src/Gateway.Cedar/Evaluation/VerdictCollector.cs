using System.Runtime.InteropServices;

namespace Gateway.Cedar.Evaluation;

/// <summary>Collects what the applicable policies say. The first of each kind costs no allocation.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct VerdictCollector
{
    private Policy? _permit;
    private Policy? _forbid;
    private List<Policy>? _permits;
    private List<Policy>? _forbids;
    private List<PolicyError>? _errors;

    public void Evaluate(Policy policy, in EvaluationFrame frame)
    {
        var value = policy.EvaluateConditions(frame);
        if (value.IsFalse)
        {
            return;
        }

        if (value.Error is { } error)
        {
            (_errors ??= []).Add(new(policy, error));
        }
        else if (policy.Effect == Effect.Permit)
        {
            Add(policy, ref _permit, ref _permits);
        }
        else
        {
            Add(policy, ref _forbid, ref _forbids);
        }
    }

    public readonly AuthorizationResult Decide()
    {
        IReadOnlyList<PolicyError> errors = [];
        if (_errors is not null)
        {
            _errors.Sort(static (left, right) => left.Policy.Order.CompareTo(right.Policy.Order));
            errors = _errors;
        }

        if (_forbid is not null)
        {
            return new(Decision.Deny, ReasonsOf(_forbid, _forbids), errors);
        }

        return _permit is not null
            ? new(Decision.Allow, ReasonsOf(_permit, _permits), errors)
            : new(Decision.Deny, [], errors);
    }

    private static void Add(Policy policy, ref Policy? first, ref List<Policy>? all)
    {
        if (first is null)
        {
            first = policy;
            return;
        }

        all ??= [first];
        all.Add(policy);
    }

    private static IReadOnlyList<Policy> ReasonsOf(Policy first, List<Policy>? all)
    {
        if (all is null)
        {
            return first.AsReason;
        }

        all.Sort(static (left, right) => left.Order.CompareTo(right.Order));
        return all;
    }
}
