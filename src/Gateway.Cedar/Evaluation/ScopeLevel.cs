using System.Runtime.InteropServices;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Evaluation;

/// <summary>A node of the <see cref="ScopeIndex"/>: where to go on for each thing that a scope can ask of one variable.</summary>
internal sealed class ScopeLevel
{
    private ScopeLevel? _any;
    private Dictionary<EntityUid, ScopeLevel>? _equal;
    private Dictionary<EntityUid, ScopeLevel>? _in;
    private Dictionary<string, ScopeLevel>? _is;
    private List<ScopeEntry>? _entries;

    /// <summary>The level below that a constraint leads to, made where it does not exist yet.</summary>
    public ScopeLevel Extend(ScopeConstraint constraint, EntityUid? entity) => constraint.Kind switch
    {
        ScopeKind.Any => _any ??= new(),
        ScopeKind.Is => Below(ref _is, constraint.EntityType ?? ""),
        ScopeKind.Equal => Below(ref _equal, entity ?? constraint.Entity),
        _ => Below(ref _in, entity ?? constraint.Entity),
    };

    public void Add(ScopeEntry entry) => (_entries ??= []).Add(entry);

    public void Evaluate(in EvaluationFrame frame, Variable variable, ref VerdictCollector verdicts)
    {
        var (uid, entity) = variable switch
        {
            Variable.Action => (frame.Action, frame.ActionEntity),
            Variable.Resource => (frame.Resource, frame.ResourceEntity),
            _ => (frame.Principal, frame.PrincipalEntity),
        };
        if (_any is not null)
        {
            _any.Descend(frame, variable, ref verdicts);
        }

        if (_equal is not null && _equal.TryGetValue(uid, out var level))
        {
            level.Descend(frame, variable, ref verdicts);
        }

        if (_is is not null && _is.TryGetValue(uid.Type, out level))
        {
            level.Descend(frame, variable, ref verdicts);
        }

        if (_in is null)
        {
            return;
        }

        if (_in.TryGetValue(uid, out level))
        {
            level.Descend(frame, variable, ref verdicts);
        }

        if (entity is not null)
        {
            foreach (var ancestor in entity.Ancestors)
            {
                if (_in.TryGetValue(ancestor, out level))
                {
                    level.Descend(frame, variable, ref verdicts);
                }
            }
        }
    }

    private void Descend(in EvaluationFrame frame, Variable variable, ref VerdictCollector verdicts)
    {
        switch (variable)
        {
            case Variable.Action:
                Evaluate(frame, Variable.Resource, ref verdicts);
                break;
            case Variable.Resource:
                Evaluate(frame, Variable.Principal, ref verdicts);
                break;
            default:
                Decide(frame, ref verdicts);
                break;
        }
    }

    private void Decide(in EvaluationFrame frame, ref VerdictCollector verdicts)
    {
        foreach (var entry in CollectionsMarshal.AsSpan(_entries))
        {
            if (entry.Applies(frame))
            {
                verdicts.Evaluate(entry.Policy, frame);
            }
        }
    }

    private static ScopeLevel Below<T>(ref Dictionary<T, ScopeLevel>? levels, T key)
        where T : notnull
    {
        levels ??= [];
        if (!levels.TryGetValue(key, out var level))
        {
            level = new();
            levels.Add(key, level);
        }

        return level;
    }
}
