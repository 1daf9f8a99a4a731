using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Gateway.Cedar.Schemas;

/// <summary>An action of the schema.</summary>
/// <param name="Uid">Its identity.</param>
/// <param name="PrincipalTypes">Who may do it.</param>
/// <param name="ResourceTypes">What it may be done to.</param>
/// <param name="Context">What its requests carry.</param>
/// <param name="Parents">The actions it is directly in.</param>
/// <param name="Ancestors">The actions it is in at all.</param>
internal sealed record ActionDefinition(
    EntityUid Uid,
    ImmutableArray<string> PrincipalTypes,
    ImmutableArray<string> ResourceTypes,
    CedarType.Record Context,
    ImmutableArray<EntityUid> Parents,
    FrozenSet<EntityUid> Ancestors);
