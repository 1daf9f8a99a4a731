namespace Gateway.Cedar.Syntax;

internal sealed record AnnotationSyntax(string Name, string Value, SourceSpan Span);
