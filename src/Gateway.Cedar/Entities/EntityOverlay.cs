namespace Gateway.Cedar;

/// <summary>One more entity before a source, such as the caller before the configured entities.</summary>
public sealed class EntityOverlay(IEntitySource source, Entity entity) : IEntitySource
{
    /// <inheritdoc/>
    public Entity? Find(EntityUid uid) => entity.Uid.Equals(uid) ? entity : source.Find(uid);
}
