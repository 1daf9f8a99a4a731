using System.Collections.Immutable;

namespace Gateway.Cedar.Syntax;

/// <summary>A policy or template as written.</summary>
internal sealed record PolicySyntax(
    Effect Effect,
    ImmutableArray<AnnotationSyntax> Annotations,
    ScopeConstraint Principal,
    ScopeConstraint Action,
    ScopeConstraint Resource,
    ImmutableArray<ConditionSyntax> Conditions,
    SourceText Source,
    SourceSpan Span)
{
    public bool IsTemplate => Principal.IsSlot || Resource.IsSlot;
}
