using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Validation;

/// <summary>The findings about one policy, each once, however many kinds of request show it.</summary>
internal sealed class ValidationReport(string policyId, SourceText source)
{
    private readonly HashSet<(SourceSpan, string)> _seen = [];
    private readonly List<Diagnostic> _diagnostics = [];

    public IEnumerable<Diagnostic> InOrder() => _diagnostics.OrderBy(static d => d.Line).ThenBy(static d => d.Column);

    public void Error(SourceSpan span, string message) => Add(span, message, isWarning: false);

    public void Warning(SourceSpan span, string message) => Add(span, message, isWarning: true);

    private void Add(SourceSpan span, string message, bool isWarning)
    {
        if (_seen.Add((span, message)))
        {
            _diagnostics.Add(new(source, span, message, policyId, isWarning));
        }
    }
}
