using System.Collections.Immutable;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

/// <summary>
/// Finds the policies whose scope fits a request. Three levels, for the action, the resource and the principal,
/// each a set of dictionaries by what the scope asks for: the cost follows the policies that fit, not all.
/// </summary>
internal sealed class ScopeIndex
{
    private readonly ScopeLevel _root = new();

    public static ScopeIndex Build(ImmutableArray<Policy> policies)
    {
        var index = new ScopeIndex();
        foreach (var policy in policies)
        {
            var scope = policy.Syntax;
            IEnumerable<EntityUid?> actions = scope.Action.Kind == ScopeKind.InAny ? scope.Action.Entities.Distinct().Cast<EntityUid?>() : [null];
            foreach (var action in actions)
            {
                index._root.Extend(scope.Action, action)
                    .Extend(scope.Resource, entity: null)
                    .Extend(scope.Principal, entity: null)
                    .Add(new(policy, action));
            }
        }

        return index;
    }

    public void Evaluate(in EvaluationFrame frame, ref VerdictCollector verdicts) =>
        _root.Evaluate(frame, Variable.Action, ref verdicts);
}
