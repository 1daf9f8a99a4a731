using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Schemas;

/// <summary>An action that another is in; without a type it is one of the same namespace, or of none.</summary>
internal sealed record ActionReferenceSyntax(string? Type, string Id, SourceSpan Span);
