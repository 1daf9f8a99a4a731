namespace Gateway.Cedar.Syntax;

/// <summary>The mistakes of one file, up to a limit: nobody reads on, and each costs memory.</summary>
internal sealed class DiagnosticList(SourceText source)
{
    public const int MaxCount = 1_000;

    private readonly List<Diagnostic> _diagnostics = [];

    public int Count => _diagnostics.Count;

    public bool IsFull => _diagnostics.Count >= MaxCount;

    public void Add(SourceSpan span, string message)
    {
        if (!IsFull)
        {
            _diagnostics.Add(new(source, span, message));
        }
    }

    /// <summary>In the order of the source: the lexer reports before the parser begins.</summary>
    public IEnumerable<Diagnostic> InOrder() => _diagnostics.OrderBy(static d => d.Line).ThenBy(static d => d.Column);
}
