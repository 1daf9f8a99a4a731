using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Gateway.Cedar.Schemas;

/// <summary>An entity type of the schema.</summary>
/// <param name="Name">Its name with the namespace.</param>
/// <param name="Attributes">Its attributes.</param>
/// <param name="Tags">The type of its tags; null where it has none.</param>
/// <param name="Ids">The only ids it can have; null where any will do.</param>
/// <param name="Parents">The types that its entities may be directly in.</param>
/// <param name="Ancestors">The types that its entities may be in at all.</param>
internal sealed record EntityTypeDefinition(
    string Name,
    CedarType.Record Attributes,
    CedarType? Tags,
    ImmutableArray<string>? Ids,
    ImmutableArray<string> Parents,
    FrozenSet<string> Ancestors);
