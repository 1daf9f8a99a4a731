using System.Collections.Immutable;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Schemas;

/// <summary>A type as a schema writes it, before its names are looked up.</summary>
internal abstract record TypeSyntax(SourceSpan Span)
{
    internal sealed record Named(string Name, TypeNameKind Kind, SourceSpan Span) : TypeSyntax(Span);

    internal sealed record Set(TypeSyntax Element, SourceSpan Span) : TypeSyntax(Span);

    internal sealed record Record(ImmutableArray<AttributeSyntax> Attributes, SourceSpan Span) : TypeSyntax(Span);
}
