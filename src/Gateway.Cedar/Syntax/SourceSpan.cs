using System.Runtime.InteropServices;

namespace Gateway.Cedar.Syntax;

/// <summary>A stretch of source text, in UTF-16 units.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SourceSpan(int Start, int Length)
{
    public int End => Start + Length;

    public static SourceSpan Between(SourceSpan first, SourceSpan last) => new(first.Start, last.End - first.Start);
}
