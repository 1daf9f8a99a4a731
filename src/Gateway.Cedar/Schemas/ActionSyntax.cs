using System.Collections.Immutable;

namespace Gateway.Cedar.Schemas;

/// <summary>A declaration of actions that are alike but for their names.</summary>
internal sealed record ActionSyntax(
    ImmutableArray<NameSyntax> Names,
    ImmutableArray<ActionReferenceSyntax> Parents,
    ImmutableArray<NameSyntax> PrincipalTypes,
    ImmutableArray<NameSyntax> ResourceTypes,
    TypeSyntax? Context);
