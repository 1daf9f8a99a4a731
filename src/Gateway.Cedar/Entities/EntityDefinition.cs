using System.Collections.Immutable;

namespace Gateway.Cedar;

/// <summary>An entity as data: what it is, what it belongs to, what is known of it.</summary>
/// <param name="Uid">Its identity.</param>
/// <param name="Parents">What it is directly <c>in</c>.</param>
/// <param name="Attributes">Its attributes; null means none.</param>
/// <param name="Tags">Its tags; null means none.</param>
public sealed record EntityDefinition(
    EntityUid Uid,
    ImmutableArray<EntityUid> Parents = default,
    CedarRecord? Attributes = null,
    CedarRecord? Tags = null);
