namespace Gateway.Cedar.Syntax;

/// <summary>An annotation of a policy.</summary>
/// <param name="Name">Its name, without the sign.</param>
/// <param name="Value">Its value; null where none is written.</param>
/// <param name="Span">Where it stands.</param>
internal sealed record AnnotationSyntax(string Name, string? Value, SourceSpan Span);
