namespace Gateway.Cedar.Syntax;

/// <summary>A <c>when</c> or <c>unless</c> clause.</summary>
internal sealed record ConditionSyntax(bool IsWhen, Expression Body, SourceSpan Span);
