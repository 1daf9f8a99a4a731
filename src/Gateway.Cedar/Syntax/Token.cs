using System.Runtime.InteropServices;

namespace Gateway.Cedar.Syntax;

[StructLayout(LayoutKind.Auto)]
internal readonly record struct Token(TokenKind Kind, int Start, int Length)
{
    public SourceSpan Span => new(Start, Length);
}
