namespace Gateway.Cedar;

/// <summary>Where a decision finds the entities that a request or policy names.</summary>
public interface IEntitySource
{
    /// <summary>The entity, or null where there is none: then it has no attributes, tags or parents.</summary>
    Entity? Find(EntityUid uid);
}
