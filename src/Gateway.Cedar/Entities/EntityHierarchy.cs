using System.Collections.Immutable;

namespace Gateway.Cedar;

/// <summary>Closes <c>in</c> over a set of entities. A parent that is not among them counts, but leads nowhere.</summary>
internal sealed class EntityHierarchy
{
    private readonly Dictionary<EntityUid, EntityDefinition> _definitions = [];

    public bool TryAdd(EntityDefinition definition) => _definitions.TryAdd(definition.Uid, definition);

    public EntityDefinition? Find(EntityUid uid) => _definitions.GetValueOrDefault(uid);

    public IEnumerable<Entity> Close(out EntityUid? cyclic)
    {
        cyclic = null;
        var entities = new List<Entity>(_definitions.Count);
        foreach (var definition in _definitions.Values)
        {
            var ancestors = AncestorsOf(definition);
            if (ancestors.Contains(definition.Uid))
            {
                cyclic = definition.Uid;
                return [];
            }

            entities.Add(new(definition, [.. ancestors]));
        }

        return entities;
    }

    // A worklist, because a chain of parents may be longer than the stack is deep.
    private HashSet<EntityUid> AncestorsOf(EntityDefinition definition)
    {
        var ancestors = new HashSet<EntityUid>();
        var pending = new Stack<EntityUid>(ParentsOf(definition));
        while (pending.TryPop(out var uid))
        {
            if (ancestors.Add(uid) && _definitions.TryGetValue(uid, out var next))
            {
                foreach (var parent in ParentsOf(next))
                {
                    pending.Push(parent);
                }
            }
        }

        return ancestors;
    }

    private static ImmutableArray<EntityUid> ParentsOf(EntityDefinition definition) =>
        definition.Parents.IsDefault ? [] : definition.Parents;
}
