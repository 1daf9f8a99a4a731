using System.Collections.Immutable;

namespace Gateway.Cedar.Schemas;

/// <summary>A declaration of entity types that are alike but for their names.</summary>
internal sealed record EntitySyntax(
    ImmutableArray<NameSyntax> Names,
    ImmutableArray<NameSyntax> Parents,
    TypeSyntax? Attributes,
    TypeSyntax? Tags,
    ImmutableArray<string>? Ids);
