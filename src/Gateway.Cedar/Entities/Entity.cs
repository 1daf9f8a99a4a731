using System.Collections.Immutable;

namespace Gateway.Cedar;

/// <summary>An entity with all that it is in, directly or not; made by <see cref="EntityStore"/>.</summary>
public sealed class Entity
{
    // Below this, comparing one by one beats hashing.
    private const int SmallCount = 8;

    private readonly HashSet<EntityUid>? _lookup;

    internal Entity(EntityDefinition definition, ImmutableArray<EntityUid> ancestors)
    {
        Uid = definition.Uid;
        Parents = definition.Parents.IsDefault ? [] : definition.Parents;
        Attributes = definition.Attributes ?? CedarRecord.Empty;
        Tags = definition.Tags ?? CedarRecord.Empty;
        Ancestors = ancestors;
        _lookup = ancestors.Length > SmallCount ? [.. ancestors] : null;
    }

    /// <summary>Its identity.</summary>
    public EntityUid Uid { get; }

    /// <summary>What it is directly in.</summary>
    public ImmutableArray<EntityUid> Parents { get; }

    /// <summary>What it is in, directly or through others.</summary>
    public ImmutableArray<EntityUid> Ancestors { get; }

    /// <summary>Its attributes.</summary>
    public CedarRecord Attributes { get; }

    /// <summary>Its tags.</summary>
    public CedarRecord Tags { get; }

    /// <summary>Whether it is in another entity; not whether it is that entity.</summary>
    public bool IsIn(EntityUid uid)
    {
        if (_lookup is not null)
        {
            return _lookup.Contains(uid);
        }

        foreach (var ancestor in Ancestors)
        {
            if (ancestor.Equals(uid))
            {
                return true;
            }
        }

        return false;
    }
}
