using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Gateway.Cedar;

/// <summary>An unchanging collection of entities, with what each is in worked out once.</summary>
public sealed class EntityStore : IEntitySource
{
    private readonly FrozenDictionary<EntityUid, Entity> _entities;

    private EntityStore(IEnumerable<Entity> entities) => _entities = entities.ToFrozenDictionary(static entity => entity.Uid);

    /// <summary>No entities.</summary>
    public static EntityStore Empty { get; } = new([]);

    /// <summary>How many entities there are.</summary>
    public int Count => _entities.Count;

    /// <summary>The entities, in no particular order.</summary>
    public ImmutableArray<Entity> Entities => _entities.Values;

    /// <summary>Builds a store.</summary>
    /// <exception cref="ArgumentException">An entity is given twice, or is in itself through others.</exception>
    public static EntityStore Create(IEnumerable<EntityDefinition> definitions)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        var hierarchy = new EntityHierarchy();
        foreach (var definition in definitions)
        {
            if (!hierarchy.TryAdd(definition))
            {
                throw new ArgumentException($"The entity {definition.Uid} is given twice.", nameof(definitions));
            }
        }

        var entities = hierarchy.Close(out var cyclic);
        return cyclic is null
            ? new(entities)
            : throw new ArgumentException($"The entity {cyclic} is in itself.", nameof(definitions));
    }

    /// <inheritdoc/>
    public Entity? Find(EntityUid uid) => _entities.GetValueOrDefault(uid);

    /// <summary>Works out what one more entity is in, by this store's hierarchy, without adding it.</summary>
    /// <remarks>For an entity that comes and goes, such as a caller: keep the result and put it before the store with <see cref="EntityOverlay"/>.</remarks>
    public Entity Resolve(EntityDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var ancestors = new HashSet<EntityUid>();
        foreach (var parent in definition.Parents.IsDefault ? [] : definition.Parents)
        {
            ancestors.Add(parent);
            ancestors.UnionWith(Find(parent)?.Ancestors ?? []);
        }

        ancestors.Remove(definition.Uid);
        return new(definition, [.. ancestors]);
    }

    internal static EntityStore FromClosed(IEnumerable<Entity> entities) => new(entities);
}
