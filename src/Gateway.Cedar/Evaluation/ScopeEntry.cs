using System.Runtime.InteropServices;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

/// <summary>A policy at the end of a path through the <see cref="ScopeIndex"/>, with what the path does not settle.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct ScopeEntry(Policy policy, EntityUid? listedAction)
{
    private readonly string? _principalType = TypeLeftToCheck(policy.Syntax.Principal);
    private readonly string? _resourceType = TypeLeftToCheck(policy.Syntax.Resource);
    private readonly EntityUid? _listedAction = policy.Syntax.Action.Entities.Length > 1 ? listedAction : null;

    public Policy Policy { get; } = policy;

    public bool Applies(in EvaluationFrame frame) =>
        (_principalType is null || string.Equals(_principalType, frame.Principal.Type, StringComparison.Ordinal))
        && (_resourceType is null || string.Equals(_resourceType, frame.Resource.Type, StringComparison.Ordinal))
        && (_listedAction is null || IsFirstMatch(frame, _listedAction));

    // A list of actions puts its policy on one path for each; where several fit, the first one counts.
    private bool IsFirstMatch(in EvaluationFrame frame, EntityUid reachedBy)
    {
        foreach (var listed in Policy.Syntax.Action.Entities)
        {
            if (listed.Equals(frame.Action) || (frame.ActionEntity?.IsIn(listed) ?? false))
            {
                return listed.Equals(reachedBy);
            }
        }

        return false;
    }

    // `is T in E` is found by E alone.
    private static string? TypeLeftToCheck(ScopeConstraint constraint) =>
        constraint.Kind == ScopeKind.IsIn ? constraint.EntityType : null;
}
