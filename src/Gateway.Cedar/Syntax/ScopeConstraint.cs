using System.Collections.Immutable;

namespace Gateway.Cedar.Syntax;

/// <summary>What a policy's scope asks of the principal, the action or the resource.</summary>
/// <param name="Kind">Which of the forms it has.</param>
/// <param name="EntityType">The type of <c>is</c>.</param>
/// <param name="Entities">The entities of <c>==</c> and <c>in</c>; empty where a template's slot stands.</param>
/// <param name="IsSlot">True where a slot stands in the place of the entity.</param>
/// <param name="Span">Where it stands.</param>
internal sealed record ScopeConstraint(
    ScopeKind Kind, string? EntityType, ImmutableArray<EntityUid> Entities, bool IsSlot, SourceSpan Span)
{
    public static ScopeConstraint Any(SourceSpan span) => new(ScopeKind.Any, null, [], false, span);

    public EntityUid Entity => Entities[0];

    public ScopeConstraint Fill(EntityUid? entity) =>
        IsSlot && entity is not null ? this with { Entities = [entity], IsSlot = false } : this;
}
