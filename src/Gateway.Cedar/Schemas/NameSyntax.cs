using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Schemas;

/// <summary>A name and where it stands.</summary>
internal sealed record NameSyntax(string Name, SourceSpan Span);
